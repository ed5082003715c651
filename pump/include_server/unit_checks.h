// What keeps a unit from being made though its command line and its compiler are understood. Pure: no I/O,
// any thread.
#pragma once

#include <string>
#include <vector>

#include "pump/compilation/command.h"
#include "pump/include_server/command_line.h"
#include "pump/include_server/unit.h"
#include "pump/os/environment.h"

namespace pump::include_server {

/// Variables that distcc does not send, and whose effect cannot be sent either. Each is one that
/// compiler_variables() tells. `clang`: the compiler is.
OrRefusal<void> check_variables(const os::Environment& environment, const std::string& language, bool clang);

/// A target of Visual C++: #include looks beside every file that is being included.
OrRefusal<void> check_target(const CompilerProfile& profile,
                             const std::vector<compilation::Argument>& arguments);

}  // namespace pump::include_server
