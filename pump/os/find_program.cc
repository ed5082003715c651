#include <sys/stat.h>
#include <unistd.h>

#include "pump/os/process.h"

namespace pump::os {
namespace {

bool is_executable_file(const std::string& path) {
  struct stat info {};
  return ::stat(path.c_str(), &info) == 0 && S_ISREG(info.st_mode) && ::access(path.c_str(), X_OK) == 0;
}

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

std::optional<std::string> find_program(std::string_view name, std::string_view path, std::string_view cwd) {
  if (name.empty()) return std::nullopt;
  if (name.find('/') != std::string_view::npos) return std::string(name);
  while (true) {
    const std::size_t colon = path.find(':');
    std::string candidate = candidate_in(path.substr(0, colon), name, cwd);
    if (is_executable_file(candidate)) return candidate;
    if (colon == std::string_view::npos) return std::nullopt;
    path.remove_prefix(colon + 1);
  }
}

}  // namespace pump::os
