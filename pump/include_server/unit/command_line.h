// What a command line means for preprocessing: the source, its language, macros, forced files, the search
// options in the order the compiler applies them, and the flags under which the compiler must be asked for
// its defaults.
//
// Pure: no I/O, any thread. What depends on files is decided by travel checks (remote_command_check.h) and
// unit_builder.
#pragma once

#include <string>
#include <vector>

#include "pump/compilation/command.h"
#include "pump/include_server/support/give_up.h"
#include "pump/include_server/unit/translation_unit.h"

namespace pump::include_server {

/// Why no unit can be made.
struct Refusal {
  GiveUp reason = GiveUp::None;
  std::string detail;
};
template <typename T>
using OrRefusal = tl::expected<T, Refusal>;
inline tl::unexpected<Refusal> refuse(GiveUp reason, std::string detail) {
  return tl::unexpected<Refusal>(Refusal{reason, std::move(detail)});
}

struct UnitOptions {
  const compilation::Argument* source = nullptr;  ///< points into the CommandLine
  std::string language;                           ///< compilation::language_of, driver considered
  std::vector<MacroAction> macros;
  std::vector<compilation::Argument> forced;     ///< -imacros first, then -include
  std::vector<compilation::Argument> search;     ///< options of search_path.h, in the preprocessor's order
  std::string sysroot;                           ///< what "=" in a search option stands for; may be empty
  std::vector<std::string> profile_flags;        ///< for compiler.h
  std::vector<std::string> plain_profile_flags;  ///< the same without what moves default directories
  bool moves_default_directories = false;        ///< --sysroot, -B … : the two above differ
  bool flags_name_relative_paths = false;        ///< the profile depends on the cwd
  bool flags_name_absolute_paths = false;
  bool undefine_all = false;
  bool preprocessed = false;             ///< -fpreprocessed
  bool require_directories = false;      ///< -Wmissing-include-dirs
  bool converts_text = false;            ///< -finput-charset= other than UTF-8 and ASCII
  bool canonical_system_headers = true;  ///< not -fno-canonical-system-headers
};

/// Refusals: not one translation unit, an option whose effect is not modelled.
OrRefusal<UnitOptions> interpret(const compilation::CommandLine& command,
                                 const std::vector<compilation::Argument>& arguments);

/// "NAME=BODY" of a -D as a #define directive's text.
std::string define_text(const std::string& value);

}  // namespace pump::include_server
