#include "pump/include_server/unit_checks.h"

#include <fmt/format.h>

namespace pump::include_server {

OrRefusal<void> check_variables(const os::Environment& environment, const std::string& language, bool clang) {
  const auto check = [&](const char* variable) -> OrRefusal<void> {
    if (environment.get_or(variable, {}).empty()) return {};
    return refuse(GiveUp::CannotTravel, fmt::format("{} is set", variable));
  };
  if (language == "objective-c") return check("OBJC_INCLUDE_PATH");
  if (language == "objective-c++") return check("OBJCPLUS_INCLUDE_PATH");
  return clang ? check("CCC_OVERRIDE_OPTIONS") : OrRefusal<void>();
}

OrRefusal<void> check_target(const CompilerProfile& profile,
                             const std::vector<compilation::Argument>& arguments) {
  if (profile.predefined.find("#define _MSC_VER ") == std::string::npos) return {};
  std::string flag = "the compiler's own target";
  for (const compilation::Argument& argument : arguments)
    if (argument.option == compilation::Option::Target)
      flag = fmt::format("{}{}{}", argument.spelling, argument.separate ? " " : "", argument.value);
  return refuse(GiveUp::CannotTravel, flag + " searches as Visual C++ does");
}

}  // namespace pump::include_server
