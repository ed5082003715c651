// What keeps a unit from being made though its command line and its compiler are understood. Pure: no I/O,
// any thread.
#pragma once

#include <string>
#include <vector>

#include "pump/compilation/command.h"
#include "pump/include_server/lexer/interner.h"
#include "pump/include_server/unit/command_line.h"
#include "pump/include_server/unit/translation_unit.h"
#include "pump/os/environment.h"

namespace pump::include_server {

/// Variables that distcc does not send, and whose effect cannot be sent either. Each is one that
/// compiler_variables() tells. `clang`: the compiler is.
OrRefusal<void> check_variables(const os::Environment& environment, const std::string& language, bool clang);

/// Macros of the command line whose bodies say something else on a server, or hold what acts like a directive
/// wherever they are expanded. Made for each command: a reply to another one (variant_replies.h) says nothing of
/// these.
OrRefusal<void> check_macros(const Unit& unit);

/// Why the text of `unit` cannot use `macro`, one of is_local_value(), elsewhere; empty where it can.
std::string local_value_of(const Unit& unit, Symbol macro);

/// A target of Visual C++: #include looks beside every file that is being included.
OrRefusal<void> check_target(const CompilerProfile& profile,
                             const std::vector<compilation::Argument>& arguments);

}  // namespace pump::include_server
