#include "pump/distcc/find_distcc.h"

#include <sys/stat.h>
#include <unistd.h>

#include <climits>
#include <cstdlib>
#include <memory>
#include <optional>

#include "pump/os/file_io.h"

namespace pump::distcc {
namespace {

constexpr char kRemedy[] = "Install it (apt-get install distcc) or set DISTCC_LOCATION to its directory.";

bool is_program(const std::string& path) {
  struct stat info {};
  return ::stat(path.c_str(), &info) == 0 && S_ISREG(info.st_mode) && ::access(path.c_str(), X_OK) == 0;
}

std::string resolve(const std::string& path) {
  const std::unique_ptr<char, decltype(&std::free)> resolved(::realpath(path.c_str(), nullptr), &std::free);
  return resolved ? std::string(resolved.get()) : std::string();
}

/// The directory of the distcc that `directory`/distcc is, or nothing where that is missing or a masquerade
/// link: a link to something of another name (ccache, pump), which would call back here or never distribute.
std::optional<std::string> distcc_below(const std::string& directory, const std::string& self) {
  const std::string path = directory + "/distcc";
  if (!is_program(path)) return std::nullopt;
  struct stat info {};
  if (::lstat(path.c_str(), &info) != 0) return std::nullopt;
  if (!S_ISLNK(info.st_mode)) return directory;
  const std::string target = resolve(path);
  if (target.empty() || target == self || os::basename(target) != "distcc") return std::nullopt;
  return std::string(os::dirname(target));
}

/// An absolute form, because COMMAND's PATH must not depend on where COMMAND changes to.
std::string absolute(std::string_view directory) {
  if (directory.starts_with('/')) return std::string(directory);
  const std::string resolved = resolve(directory.empty() ? "." : std::string(directory));
  return resolved.empty() ? std::string(directory) : resolved;
}

}  // namespace

Expected<std::string> find_distcc_directory(const os::Environment& environment, const std::string& self) {
  if (environment.has("DISTCC_LOCATION")) {
    const std::string location = absolute(environment.get_or("DISTCC_LOCATION", ""));
    if (is_program(location + "/distcc")) return location;
    return fail(
        "no distcc in " + location + ", which DISTCC_LOCATION names. Set it to the directory of distcc.",
        ENOENT);
  }
  std::string looked;
  if (!self.empty()) {
    const std::string beside(os::dirname(self));
    if (auto found = distcc_below(beside, self)) return *std::move(found);
    looked = beside + ", ";
  }
  std::string_view path = environment.get_or("PATH", "");
  const std::string whole(path);
  while (!path.empty()) {
    const std::size_t colon = path.find(':');
    if (auto found = distcc_below(absolute(path.substr(0, colon)), self)) return *std::move(found);
    path.remove_prefix(colon == std::string_view::npos ? path.size() : colon + 1);
  }
  return fail("no distcc found (looked in " + looked + "then on PATH: " + (whole.empty() ? "empty" : whole) +
                  "). " + kRemedy,
              ENOENT);
}

}  // namespace pump::distcc
