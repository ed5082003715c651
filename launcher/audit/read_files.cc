#include "launcher/audit/read_files.h"

#include <algorithm>
#include <set>

#include "pump/compilation/make_rule.h"
#include "pump/compilation/name_over_root.h"
#include "pump/compilation/relative_root.h"
#include "pump/os/file_io.h"
#include "pump/os/format.h"
#include "pump/os/text.h"

namespace pump::launcher {
namespace {

constexpr std::size_t kMostBytes = 16U << 20U;  // of a source

std::string below(const std::string& cwd, const std::string& path) {
  const bool is_below = path.size() > cwd.size() && path.starts_with(cwd) && path[cwd.size()] == '/';
  return is_below ? path.substr(cwd.size() + 1) : path;
}

/// True for a list that clang's driver adds for a sanitizer: "/usr/lib/llvm-14/lib/clang/14.0.6/share/asan_ignorelist.txt". It is
/// a part of the compiler, whose version is compared.
bool belongs_to_clang(std::string_view path) {
  constexpr std::string_view kShare = "/share/";
  const std::size_t share = path.rfind(kShare);
  if (share == std::string_view::npos || !path.ends_with("list.txt")) return false;
  return path.find('/', share + kShare.size()) == std::string_view::npos &&
         path.substr(0, share).find("/clang/") != std::string_view::npos;
}

/// True for a line like `#include "dir/NAME"`.
bool includes(std::string_view line, std::string_view name) {
  line = os::trim_blanks(line);
  if (!line.starts_with('#')) return false;
  line = os::trim_blanks(line.substr(1));
  const bool is_include =
      line.starts_with("include") || line.starts_with("import") || line.starts_with("embed");
  for (std::size_t at = line.find(name); is_include && at != std::string_view::npos;
       at = line.find(name, at + 1)) {
    const char before = at > 0 ? line[at - 1] : ' ';
    const char after = at + name.size() < line.size() ? line[at + name.size()] : ' ';
    if ((before == '/' || before == '"' || before == '<') && (after == '"' || after == '>')) return true;
  }
  return false;
}

/// "FILE:LINE" of the first #include of that name in the files; empty if none includes it by its name.
std::string place_of(std::string_view path, const distcc::PredictedFiles& predicted, const std::string& cwd) {
  const std::string_view name = os::basename(path);
  for (const distcc::PredictedFile& file : predicted.files) {
    const auto text = os::read_file(file.path, kMostBytes);
    if (!text || text->find(name) == std::string::npos) continue;
    std::size_t number = 0, found = 0;
    os::for_each_line(*text, [&](std::string_view line) {
      ++number;
      if (found == 0 && includes(line, name)) found = number;
    });
    if (found > 0) return os::format("{}:{}", below(cwd, file.path), found);
  }
  return {};
}

}  // namespace

std::vector<std::string> words_for_audit() {
  return {"-MD", "-MF", "pump.d", "-MT", "pump"};
}

bool is_empty(const HostRule& rule) {
  return compilation::parse_make_rule(rule.text).empty();
}

bool is_as_predicted(const HostRule& rule, const distcc::Prediction& prediction) {
  if (!prediction.exact) return false;
  distcc::NameDigest digest;
  const bool over_root = compilation::may_have_name_over_root(rule.text);
  compilation::visit_make_rule(rule.text, [&](std::string_view name) {
    if (over_root)
      digest.add(compilation::restore_absolute_name(name));
    else
      digest.add(compilation::without_root_over_cwd(name));
  });
  return digest == (rule.system_headers ? prediction.all : prediction.user);
}

std::optional<std::string> find_misjudgement(const HostRule& rule, const distcc::PredictedFiles& predicted,
                                             const LocalFiles& files, std::string_view host) {
  std::set<std::string, std::less<>> read;
  std::set<std::string_view> expected;
  for (const distcc::PredictedFile& file : predicted.files) expected.insert(file.path);
  const auto misjudged = [&](std::string_view what, const std::string& path) {
    const std::string place = place_of(path, predicted, files.cwd);
    return os::format("{}{}{} {} {}", place, place.empty() ? "" : ": ", host, what, below(files.cwd, path));
  };
  for (const std::string& written : compilation::parse_make_rule(rule.text)) {
    const std::string name = compilation::restore_absolute_name(written);
    // A backslash may be a part of the name, or quote something.
    if (name.find('\\') != std::string::npos) return {};
    const std::string local = files.names.restored_name(name);
    const std::string path = local.starts_with('/') ? local : files.cwd + "/" + local;
    const std::string real = files.real_path(path);
    if (real.empty()) return misjudged("read a file that is not here:", local);
    if (expected.count(real) == 0 && !belongs_to_clang(real)) return misjudged("read", real);
    read.insert(real);
  }
  if (!predicted.exact) return {};
  for (const distcc::PredictedFile& file : predicted.files) {
    if (!file.entered || (file.system && !rule.system_headers)) continue;
    if (read.count(file.path) == 0) return misjudged("did not read", file.path);
  }
  return {};
}

}  // namespace pump::launcher
