// What a command line means for preprocessing: the source and its language, macros, forced files, the search
// options in the order in which the compiler applies them, and the flags under which the compiler's defaults
// must be read.
//
// Pure: no I/O; any thread. Checks that depend on files are in remote_command_check.h.
//
// To add a compiler option:
//  1. pump/compilation/option_names.h: its name and how many words it takes. This is all if it takes an
//     argument and has no effect on preprocessing: an option without an enumerator of its own is
//     Option::Other.
//  2. profile_flags.cc: whether it changes predefined macros or default directories. An Option::Other is
//     assumed to change them, unless is_irrelevant() lists it; one with an enumerator is assumed not to.
//  3. If it changes preprocessing otherwise: Interpreter in command_line.cc, and search_options.cc if it adds
//     search directories. If its effect is not modelled, refuse it in check_modelled().
//  4. If it names a file that the compiler reads: remote_command_check.cc.
//  5. If it puts the source's name into the object: source_name_in_object.cc.
//  6. If the launcher must act (an output besides the object, an option that only works locally):
//     launcher/decide.
#pragma once

#include <string>
#include <vector>

#include "pump/compilation/command.h"
#include "pump/include_server/unit/profile_flags.h"
#include "pump/include_server/unit/refusal.h"
#include "pump/include_server/unit/translation_unit.h"

namespace pump::include_server {

struct UnitOptions {
  const compilation::Argument* source = nullptr;  ///< points into the CommandLine
  std::string language;  ///< compilation::language_of; the driver's name is taken into account
  std::vector<MacroAction> macros;
  std::vector<compilation::Argument> forced;  ///< -imacros first, then -include
  std::vector<compilation::Argument> search;  ///< options of the -I family, in the preprocessor's order
  std::string sysroot;                        ///< the value of "=" in a search option; may be empty
  ProfileFlags profile_flags;
  bool undefine_all = false;
  bool preprocessed = false;             ///< -fpreprocessed
  bool require_directories = false;      ///< -Wmissing-include-dirs
  bool converts_text = false;            ///< -finput-charset= other than UTF-8 and ASCII
  bool canonical_system_headers = true;  ///< not -fno-canonical-system-headers
};

/// `arguments`: preprocessor_arguments(command). Refused: commands that do not compile exactly one
/// translation unit, and options whose effect is not modelled.
OrRefusal<UnitOptions> interpret(const compilation::CommandLine& command,
                                 const std::vector<compilation::Argument>& arguments);

/// The text of a #define directive for the value of -D: "NAME=BODY" -> "NAME BODY", "NAME" -> "NAME 1".
std::string define_text(const std::string& value);

}  // namespace pump::include_server
