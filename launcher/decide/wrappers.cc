#include "launcher/decide/wrappers.h"

#include <algorithm>
#include <array>

#include "pump/distcc/distcc_arguments.h"
#include "pump/os/file_io.h"
#include "pump/os/process.h"
#include "pump/os/text.h"

namespace pump::launcher {
namespace {

constexpr std::array<std::string_view, 3> kCaches{"ccache", "sccache", "buildcache"};

/// A directory of masquerade links has at least one of them.
constexpr std::array<std::string_view, 5> kUsualCompilers{"gcc", "cc", "g++", "c++", "clang"};

bool is_cache(std::string_view base) {
  return std::find(kCaches.begin(), kCaches.end(), base) != kCaches.end();
}

std::string_view directory_name(std::string_view path) {
  return path.find('/') == std::string_view::npos ? std::string_view() : os::basename(os::dirname(path));
}

/// True if `name` is found in a directory called "ccache". PATH is searched only if it has such a directory.
bool is_in_ccache_directory(const std::string& name, const os::Environment& environment) {
  const std::string_view path = environment.get_or("PATH", "");
  if (name.find('/') != std::string::npos) return directory_name(name) == "ccache";
  if (path.find("/ccache") == std::string_view::npos) return false;
  const auto found = os::find_program(name, path);
  return found && directory_name(*found) == "ccache";
}

bool has_masquerade_links(const std::string& directory, const IsMasquerade& is_masquerade) {
  return std::any_of(kUsualCompilers.begin(), kUsualCompilers.end(), [&](std::string_view compiler) {
    return is_masquerade(directory + '/' + std::string(compiler));
  });
}

/// True if distcc would take `word` as an argument of "cc", because it names no compiler.
bool implies_cc(std::string_view word) {
  return word.starts_with("-") || distcc::is_source(word) || word.ends_with(".o");
}

bool is_distcc_verb(std::string_view word) {
  return word.starts_with("--") || word == "-j";
}

}  // namespace

bool is_link_to_distcc(const std::string& file) {
  const auto target = os::read_link(file);
  return target && os::basename(*target) == "distcc";
}

UnwrappedCommand unwrap(std::vector<std::string> argv, const os::Environment& environment,
                        const IsMasquerade& is_masquerade) {
  while (argv.size() > 1) {
    const std::string_view base = os::basename(argv.front());
    if (base != "pump-launch" && base != "distcc") break;
    if (base == "distcc" && is_distcc_verb(argv[1])) return {CommandKind::Distcc, std::move(argv)};
    if (base == "distcc" && implies_cc(argv[1])) {
      argv.front() = "cc";
      break;
    }
    argv.erase(argv.begin());
  }
  if (argv.empty()) return {CommandKind::Compiler, std::move(argv)};
  if (is_cache(os::basename(argv.front())) || is_in_ccache_directory(argv.front(), environment))
    return {CommandKind::Cache, std::move(argv)};
  if (directory_name(argv.front()) == "distcc" && is_masquerade(argv.front()))
    argv.front() = std::string(os::basename(argv.front()));
  return {CommandKind::Compiler, std::move(argv)};
}

std::optional<std::string> path_without_masquerade(std::string_view path, const IsMasquerade& is_masquerade) {
  if (path.find("/distcc") == std::string_view::npos) return {};
  std::string kept;
  bool dropped = false;
  bool first = true;
  for (const std::string_view entry : os::split(path, ':')) {
    std::string_view directory = entry;
    while (directory.size() > 1 && directory.ends_with('/')) directory.remove_suffix(1);
    if (os::basename(directory) == "distcc" && directory.starts_with('/') &&
        has_masquerade_links(std::string(directory), is_masquerade)) {
      dropped = true;
    } else {
      if (!first) kept += ':';
      kept += entry;
      first = false;
    }
  }
  return dropped ? std::optional(kept) : std::nullopt;
}

}  // namespace pump::launcher
