// What a command line means for preprocessing: the source and its language, macros, forced files, the search
// options in the order in which the compiler applies them, and the flags under which the compiler's defaults
// must be read.
//
// Pure: no I/O; any thread. Checks that depend on files are in remote_command_check.h.
//
// To add a compiler option:
//  1. Name it in pump/compilation/option_names.h, whose first comment says when an enumerator is needed. All
//     other options are Option::Other.
//  2. If it has an enumerator and can change predefined macros or default directories, add it to use_of()
//     (profile_flags.cc). An Option::Other is assumed to, at the cost of another run of the compiler, unless
//     is_irrelevant() lists it.
//  3. If it changes preprocessing otherwise, apply it in Interpreter::add() (command_line.cc) and, if it adds
//     search directories, in Arranger::add() (search_options.cc). If its effect is not modelled, refuse it in
//     check_modelled().
//  4. If it names another file that the compiler reads, make it Option::AuxiliaryInput:
//     RemoteCommandCheck::auxiliary_files() sends the file. If the file contains options, or stands for
//     several files, refuse it there.
//  5. If it puts the source's name into the object, add it to kSwitches (source_name_in_object.cc).
//  6. If it has an output besides the object, or works only locally, add it to by_option()
//     (launcher/decide/side_effects.cc).
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
  bool maps_names_over_cwd = false;      ///< Unit::maps_names_over_cwd
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
