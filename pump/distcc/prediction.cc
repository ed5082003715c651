#include "pump/distcc/prediction.h"

#include <xxhash.h>

#include "pump/compilation/make_rule.h"
#include "pump/distcc/token.h"

namespace pump::distcc {
namespace {

constexpr std::string_view kPrediction = "PRED", kDigest = "DGST", kCompiler = "COMP", kPrecompiled = "PREC",
                           kShown = "SHOW", kFiles = "FILE", kRead = "READ", kName = "NAME", kFound = "FOUN",
                           kReported = "REPO";
constexpr std::uint32_t kExact = 1, kEdited = 2, kUsesDate = 4, kChangesBuiltin = 8;  // of a prediction
constexpr std::uint32_t kEntered = 1, kSystem = 2;                                    // of a file
constexpr unsigned kHalf = 32;

void append_text(std::string& out, std::string_view token, std::string_view text) {
  append_token(out, token, static_cast<std::uint32_t>(text.size()));
  out += text;
}

std::optional<std::string> take_text(std::string_view& reply, std::string_view token) {
  const auto size = take_number(reply, token);
  if (!size || *size > reply.size()) return std::nullopt;
  std::string text(reply.substr(0, *size));
  reply.remove_prefix(*size);
  return text;
}

}  // namespace

void NameDigest::add(std::string_view name) {
  name = compilation::without_leading_here(name);
  const XXH128_hash_t hash = XXH3_128bits(name.data(), name.size());
  low_ += hash.low64;
  high_ += hash.high64;
}

void append_digest(std::string& out, const NameDigest& digest) {
  for (const std::uint64_t part : {digest.high_, digest.low_}) {
    append_token(out, kDigest, static_cast<std::uint32_t>(part >> kHalf));
    append_token(out, kDigest, static_cast<std::uint32_t>(part));
  }
}

std::optional<NameDigest> take_digest(std::string_view& text) {
  NameDigest digest;
  for (std::uint64_t* const part : {&digest.high_, &digest.low_}) {
    const auto upper = take_number(text, kDigest);
    const auto lower = take_number(text, kDigest);
    if (!upper || !lower) return std::nullopt;
    *part = std::uint64_t{*upper} << kHalf | *lower;
  }
  return digest;
}

std::string encode(const Prediction& prediction) {
  std::string out;
  append_token(out, kPrediction,
               (prediction.exact ? kExact : 0U) | (prediction.edited ? kEdited : 0U) |
                   (prediction.uses_date ? kUsesDate : 0U) |
                   (prediction.changes_builtin ? kChangesBuiltin : 0U));
  append_digest(out, prediction.all);
  append_digest(out, prediction.user);
  append_text(out, kCompiler, prediction.compiler);
  append_text(out, kPrecompiled, prediction.precompiled_header);
  append_text(out, kShown, prediction.shows_names);
  for (const ShortenedName& name : prediction.shortened) {
    append_text(out, kFound, name.on_host);
    append_text(out, kReported, name.here);
  }
  return out;
}

std::optional<Prediction> take_prediction(std::string_view& reply) {
  Prediction prediction;
  const auto flags = take_number(reply, kPrediction);
  const auto all = flags ? take_digest(reply) : std::nullopt;
  const auto user = all ? take_digest(reply) : std::nullopt;
  auto compiler = user ? take_text(reply, kCompiler) : std::nullopt;
  auto precompiled = compiler ? take_text(reply, kPrecompiled) : std::nullopt;
  auto shown = precompiled ? take_text(reply, kShown) : std::nullopt;
  if (!shown) return std::nullopt;
  while (reply.starts_with(kFound)) {
    auto on_host = take_text(reply, kFound);
    auto here = on_host ? take_text(reply, kReported) : std::nullopt;
    if (!here) return std::nullopt;
    prediction.shortened.push_back({*std::move(on_host), *std::move(here)});
  }
  prediction.exact = (*flags & kExact) != 0;
  prediction.edited = (*flags & kEdited) != 0;
  prediction.uses_date = (*flags & kUsesDate) != 0;
  prediction.changes_builtin = (*flags & kChangesBuiltin) != 0;
  prediction.all = *all;
  prediction.user = *user;
  prediction.compiler = *std::move(compiler);
  prediction.precompiled_header = *std::move(precompiled);
  prediction.shows_names = *std::move(shown);
  return prediction;
}

std::string encode(const PredictedFiles& files) {
  std::string out;
  append_token(out, kFiles, files.exact ? 1 : 0);
  for (const PredictedFile& file : files.files) {
    append_token(out, kRead, (file.entered ? kEntered : 0U) | (file.system ? kSystem : 0U));
    append_text(out, kName, file.path);
  }
  return out;
}

std::optional<PredictedFiles> take_predicted_files(std::string_view& reply) {
  PredictedFiles files;
  const auto exact = take_number(reply, kFiles);
  if (!exact) return std::nullopt;
  files.exact = *exact == 1;
  while (reply.starts_with(kRead)) {
    const auto flags = take_number(reply, kRead);
    auto path = flags ? take_text(reply, kName) : std::nullopt;
    if (!path) return std::nullopt;
    files.files.push_back({*std::move(path), (*flags & kEntered) != 0, (*flags & kSystem) != 0});
  }
  return files;
}

}  // namespace pump::distcc
