#include "pump/distcc/find_distcc.h"

#include <sys/stat.h>

#include <climits>
#include <cstdlib>
#include <memory>
#include <optional>

#include "pump/os/file_io.h"
#include "pump/os/process.h"
#include "pump/os/text.h"

namespace pump::distcc {
namespace {

constexpr char kRemedy[] = "Install it (apt-get install distcc) or set DISTCC_LOCATION to its directory.";

std::string resolve(const std::string& path) {
  const std::unique_ptr<char, decltype(&std::free)> resolved(::realpath(path.c_str(), nullptr), &std::free);
  return resolved ? std::string(resolved.get()) : std::string();
}

/// The directory of `directory`/distcc, or of its target if it is a link. Nothing if it is missing or a
/// masquerade link, to a program of another name (ccache, pump) that would call pump again or never
/// distribute.
std::optional<std::string> distcc_in(const std::string& directory, const std::string& self) {
  const std::string path = directory + "/distcc";
  if (!os::is_executable_file(path)) return std::nullopt;
  struct stat info {};
  if (::lstat(path.c_str(), &info) != 0) return std::nullopt;
  if (!S_ISLNK(info.st_mode)) return directory;
  const std::string target = resolve(path);
  if (target.empty() || target == self || os::basename(target) != "distcc") return std::nullopt;
  return std::string(os::dirname(target));
}

/// The command's PATH must not depend on the directory that the command changes to.
std::string absolute(std::string_view directory) {
  if (directory.starts_with('/')) return std::string(directory);
  const std::string resolved = resolve(directory.empty() ? "." : std::string(directory));
  return resolved.empty() ? std::string(directory) : resolved;
}

}  // namespace

Expected<std::string> find_distcc_directory(const os::Environment& environment, const std::string& self) {
  if (environment.has("DISTCC_LOCATION")) {
    const std::string location = absolute(environment.get_or("DISTCC_LOCATION", ""));
    if (os::is_executable_file(location + "/distcc")) return location;
    return fail(
        "no distcc in " + location + ", which DISTCC_LOCATION names. Set it to the directory of distcc.",
        ENOENT);
  }
  std::string searched;
  if (!self.empty()) {
    const std::string beside(os::dirname(self));
    if (auto found = distcc_in(beside, self)) return *std::move(found);
    searched = beside + ", ";
  }
  const std::string path(environment.get_or("PATH", ""));
  std::vector<std::string_view> directories;
  if (!path.empty()) directories = os::split(path, ':');
  for (const std::string_view directory : directories)
    if (auto found = distcc_in(absolute(directory), self)) return *std::move(found);
  return fail("no distcc found (looked in " + searched + "then on PATH: " + (path.empty() ? "empty" : path) +
                  "). " + kRemedy,
              ENOENT);
}

}  // namespace pump::distcc
