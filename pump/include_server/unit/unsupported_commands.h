// Commands that parse correctly but cannot be answered, by their environment variables, their macros or their
// target. (Options are refused in command_line.cc, names of files in remote_command_check.cc.) Pure: no I/O;
// any thread.
#pragma once

#include <string>
#include <vector>

#include "pump/compilation/command.h"
#include "pump/include_server/lexer/interner.h"
#include "pump/include_server/unit/refusal.h"
#include "pump/include_server/unit/translation_unit.h"
#include "pump/os/environment.h"

namespace pump::include_server {

/// Refuses if a variable is set that changes the compilation, and neither the variable nor its effect can be
/// sent. To add one, add it to compiler_variables(), too. `clang`: the compiler is clang.
OrRefusal<void> check_variables(const os::Environment& environment, const std::string& language, bool clang);

/// Refuses macros of the command line whose bodies have another value on a server, or contain what acts like
/// a directive wherever they are expanded. Must be called for each command: a reply that was made for another
/// one (variant_replies.h) does not cover it.
OrRefusal<void> check_macros(const Unit& unit);

/// Why the expansion of `macro`, one of is_local_value(), in this unit has another value on a server; empty
/// if it has not.
std::string local_value_of(const Unit& unit, Symbol macro);

/// Refuses Visual C++ as a target: with it, #include searches the directory of every file that is being
/// included.
OrRefusal<void> check_target(const CompilerProfile& profile,
                             const std::vector<compilation::Argument>& arguments);

}  // namespace pump::include_server
