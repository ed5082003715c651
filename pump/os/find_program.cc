#include <sys/stat.h>
#include <unistd.h>

#include "pump/os/process.h"
#include "pump/os/text.h"

namespace pump::os {
namespace {

/// `name` in one directory of PATH; an empty entry is the working directory.
std::string candidate_in(std::string_view entry, std::string_view name, std::string_view cwd) {
  std::string result;
  if (!entry.starts_with('/')) {
    result = cwd.empty() ? std::string_view(".") : cwd;
    if (!entry.empty()) result += '/';
  }
  result += entry;
  if (!result.ends_with('/')) result += '/';
  return result += name;
}

}  // namespace

bool is_executable_file(const std::string& path) {
  struct stat info {};
  return ::stat(path.c_str(), &info) == 0 && S_ISREG(info.st_mode) && ::access(path.c_str(), X_OK) == 0;
}

std::optional<std::string> find_program(std::string_view name, std::string_view path, std::string_view cwd) {
  if (name.empty()) return std::nullopt;
  if (name.find('/') != std::string_view::npos) return std::string(name);
  for (const std::string_view directory : split(path, ':')) {
    std::string candidate = candidate_in(directory, name, cwd);
    if (is_executable_file(candidate)) return candidate;
  }
  return std::nullopt;
}

}  // namespace pump::os
