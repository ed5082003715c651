#include "launcher/decide/search_variables.h"

#include "pump/os/text.h"

namespace pump::launcher {
namespace {

/// Appends `flag DIRECTORY` per element. Two words each: a directory may be called "=x", which joined to -I
/// means the sysroot.
void append(std::vector<std::string>& flags, std::string_view flag, std::string_view list) {
  if (list.empty()) return;
  for (const std::string_view directory : os::split(list, ':')) {
    flags.emplace_back(flag);
    flags.emplace_back(directory.empty() ? std::string_view(".") : directory);
  }
}

std::string_view variable_of(std::string_view language) {
  if (language.starts_with("objective-c++")) return "OBJCPLUS_INCLUDE_PATH";
  if (language.starts_with("objective-c")) return "OBJC_INCLUDE_PATH";
  if (language.starts_with("c++")) return "CPLUS_INCLUDE_PATH";
  return "C_INCLUDE_PATH";
}

}  // namespace

std::vector<std::string> search_flags(const os::Environment& environment, std::string_view language) {
  std::vector<std::string> flags;
  append(flags, "-I", environment.get_or("CPATH", ""));
  append(flags, "-isystem", environment.get_or(variable_of(language), ""));
  return flags;
}

}  // namespace pump::launcher
