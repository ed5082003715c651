#include "pump/distcc/distccd_protocol.h"

#include <sys/wait.h>

#include <algorithm>
#include <new>
#include <utility>

#include "pump/distcc/lzo.h"
#include "pump/os/format.h"

namespace pump::distcc {
namespace {

constexpr std::uint32_t kPumpMode = 3;
constexpr std::size_t kMirrorComponents = 3;  // INCLUDE_SERVER_DIR_DEPTH
/// Memory for a part before its first bytes arrive. It grows with them: a length alone must not make it allocate.
constexpr std::size_t kFirstMemory = 64U << 10U;

void append_string(std::string& out, std::string_view token, std::string_view bytes) {
  append_token(out, token, static_cast<std::uint32_t>(bytes.size()));
  out += bytes;
}

/// For messages about bytes that are no reply.
std::string printable(std::string_view bytes) {
  std::string text(bytes);
  for (char& c : text)
    if (c < ' ' || c > '~') c = '?';
  return text;
}

/// True for a status of a process that has ended.
bool is_end_status(std::uint32_t status) {
  const int value = static_cast<int>(status);
  return status <= 0xFFFF && (WIFEXITED(value) || WIFSIGNALED(value));
}

}  // namespace

std::string encode_job(std::string_view cwd, const std::vector<std::string>& argv, std::size_t files) {
  std::string out;
  append_token(out, "DIST", kPumpMode);
  append_string(out, "CDIR", cwd);
  append_token(out, "ARGC", static_cast<std::uint32_t>(argv.size()));
  for (const std::string& word : argv) append_string(out, "ARGV", word);
  append_token(out, "NFIL", static_cast<std::uint32_t>(files));
  return out;
}

std::string encode_file_header(std::string_view name, std::size_t bytes) {
  std::string out;
  out.reserve(name.size() + 2 * kToken);
  append_string(out, "NAME", name);
  append_token(out, "FILE", static_cast<std::uint32_t>(bytes));
  return out;
}

std::string encode_link(std::string_view name, std::string_view target) {
  std::string out;
  append_string(out, "NAME", name);
  append_string(out, "LINK", target);
  return out;
}

std::optional<std::string_view> name_in_mirror(std::string_view mirror_path) {
  std::size_t start = 0;
  for (std::size_t i = 0; i < kMirrorComponents; ++i) {
    start = mirror_path.find('/', start + 1);
    if (start == std::string_view::npos) return std::nullopt;
  }
  return mirror_path.substr(start);
}

std::string_view without_copy_suffix(std::string_view name) {
  for (const std::string_view suffix : {".abs", ".lzo"})
    if (name.ends_with(suffix)) name.remove_suffix(suffix.size());
  return name;
}

std::optional<std::string_view> name_on_server(std::string_view mirror_path) {
  const auto name = name_in_mirror(mirror_path);
  return name ? std::optional(without_copy_suffix(*name)) : std::nullopt;
}

ReplyDecoder::State ReplyDecoder::feed(std::string_view bytes) try {
  return take(bytes);
} catch (const std::bad_alloc&) {
  return fail("there is not enough memory for it");
}

ReplyDecoder::State ReplyDecoder::fail(std::string error) {
  error_ = std::move(error);
  packed_ = std::string();
  return state_ = State::Malformed;
}

ReplyDecoder::State ReplyDecoder::take(std::string_view bytes) {
  if (state_ == State::Malformed || bytes.empty()) return state_;
  received_ += bytes.size();
  while (state_ == State::NeedsMore && !bytes.empty()) {
    if (body_ != 0)
      take_body_bytes(bytes);
    else
      take_token_bytes(bytes);
  }
  if (state_ == State::Complete && !bytes.empty()) return fail("bytes after the end of the reply");
  return state_;
}

ReplyDecoder::State ReplyDecoder::take_token_bytes(std::string_view& bytes) {
  static constexpr std::array<std::string_view, 6> kNames{"DONE", "STAT", "SERR", "SOUT", "DOTO", "DOTD"};
  const std::string_view due = kNames[static_cast<std::size_t>(part_)];
  const std::size_t size = std::min(kToken - token_size_, bytes.size());
  std::copy_n(bytes.begin(), size, token_.begin() + token_size_);
  token_size_ += size;
  bytes.remove_prefix(size);
  // The name is compared as it arrives: what is no reply may be shorter than a token.
  const std::string_view arrived(token_.data(), token_size_);
  if (arrived.substr(0, kTokenName) != due.substr(0, arrived.size()))
    return fail(os::format("{} is due, \"{}\" came", due, printable(arrived)));
  if (token_size_ < kToken) return state_;
  token_size_ = 0;
  return take_token();
}

ReplyDecoder::State ReplyDecoder::take_token() {
  const std::string_view token(token_.data(), token_.size());
  const std::optional<std::uint32_t> number = token_number(token);
  if (!number) return fail(os::format("\"{}\" has no number", printable(token)));
  if (part_ == Part::Version) {
    if (*number != kPumpMode) return fail(os::format("it is of protocol {}, not {}", *number, kPumpMode));
    return next_part();
  }
  if (part_ == Part::Status) {
    if (!is_end_status(*number)) return fail(os::format("{} is no wait status", *number));
    wait_status_ = static_cast<int>(*number);
    return next_part();
  }
  if (part_ == Part::Object && wait_status_ != 0 && *number != 0)
    return fail("it has an object, but the compiler failed");
  if (*number > lzo_most_compressed(most()))
    return fail(os::format("{} is too long: {} bytes", token.substr(0, kTokenName), *number));
  if (part_ == Part::Dependencies) has_dependencies_ = true;
  body_ = *number;
  return body_ == 0 ? next_part() : state_;
}

ReplyDecoder::State ReplyDecoder::take_body_bytes(std::string_view& bytes) {
  const std::size_t size = std::min<std::size_t>(body_ - packed_.size(), bytes.size());
  const std::string_view arrived = bytes.substr(0, size);
  bytes.remove_prefix(size);
  if (size == body_) return finish_body(arrived);  // it has come in one piece: no copy
  if (packed_.empty()) packed_.reserve(std::min<std::size_t>(body_, kFirstMemory));
  packed_ += arrived;
  return packed_.size() == body_ ? finish_body(packed_) : state_;
}

ReplyDecoder::State ReplyDecoder::finish_body(std::string_view packed) {
  Expected<std::string> body = lzo_decompress(packed, most());
  if (!body) return fail(body.error().message);
  target() = std::move(*body);
  body_ = 0;
  packed_ = std::string();
  return next_part();
}

ReplyDecoder::State ReplyDecoder::next_part() {
  part_ = static_cast<Part>(static_cast<int>(part_) + 1);
  if (part_ == Part::Dependencies && wait_status_ != 0) part_ = Part::End;
  if (part_ == Part::End) state_ = State::Complete;
  return state_;
}

std::string& ReplyDecoder::target() {
  switch (part_) {
    case Part::Messages:
      return messages_;
    case Part::Output:
      return output_;
    case Part::Dependencies:
      return dependencies_;
    default:
      return object_;
  }
}

std::size_t ReplyDecoder::most() const {
  if (part_ == Part::Object) return kMostObject;
  return part_ == Part::Dependencies ? kMostRule : kMostMessages;
}

}  // namespace pump::distcc
