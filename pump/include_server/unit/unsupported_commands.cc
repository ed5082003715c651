#include "pump/include_server/unit/unsupported_commands.h"

#include <algorithm>

#include "pump/include_server/lexer/interner.h"
#include "pump/include_server/lexer/scan.h"
#include "pump/os/format.h"

namespace pump::include_server {
namespace {

constexpr std::string_view kPlace = "the command line";

bool redefines(const MacroAction& action, std::string_view macro) {
  const std::string_view text = action.text;
  return text.starts_with(macro) &&
         (text.size() == macro.size() || !is_identifier_byte(static_cast<unsigned char>(text[macro.size()])));
}

OrRefusal<void> check_macro(const Unit& unit, const Directive& directive) {
  switch (directive.kind) {
    case DirectiveKind::LocalValue: {
      const std::string_view macro = spelling(directive.name);
      const bool given = std::any_of(unit.macros.begin(), unit.macros.end(),
                                     [&](const MacroAction& one) { return redefines(one, macro); });
      if (given) return {};
      const std::string reason = local_value_of(unit, directive.name);
      return reason.empty() ? OrRefusal<void>()
                            : refuse(GiveUp::NotSendable, os::format("{}: {}", kPlace, reason));
    }
    case DirectiveKind::AssemblerFile:
      return refuse(GiveUp::AssemblerFile, os::format("{}: .incbin or .include in a macro", kPlace));
    case DirectiveKind::Refused:
      return refuse(GiveUp::NotSendable, os::format("{}: {}", kPlace, spelling(directive.name)));
    case DirectiveKind::HiddenPragma:
      return refuse(GiveUp::NotSendable, os::format("{}: push_macro or pop_macro in a macro", kPlace));
    default:
      return {};
  }
}

}  // namespace

std::string local_value_of(const Unit& unit, Symbol macro) {
  if (macro == known::kTimestamp)
    return "__TIMESTAMP__ would be the time at which a server received the file";
  if (macro == known::kDate || macro == known::kTime) return {};  // the launcher sends the values
  // distccd uses another name for such a source. clang uses the name that a #line gives.
  if (!unit.profile->clang && unit.source.starts_with('/'))
    return "__BASE_FILE__ would be the path of the source on a server";
  return {};
}

OrRefusal<void> check_macros(const Unit& unit) {
  for (const MacroAction& action : unit.macros) {
    if (action.undefine) continue;
    const auto scan = scan_given_macros("#define " + action.text + "\n", ScanMode{unit.lex});
    for (const Directive& directive : scan->directives)
      if (auto checked = check_macro(unit, directive); !checked) return checked;
  }
  return {};
}

OrRefusal<void> check_variables(const os::Environment& environment, const std::string& language, bool clang) {
  const auto check = [&](const char* variable) -> OrRefusal<void> {
    if (environment.get_or(variable, {}).empty()) return {};
    return refuse(GiveUp::NotSendable, os::format("{} is set", variable));
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
      flag = os::format("{}{}{}", argument.spelling, argument.separate ? " " : "", argument.value);
  return refuse(GiveUp::NotSendable, flag + " searches headers as Visual C++ does");
}

}  // namespace pump::include_server
