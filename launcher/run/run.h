// Runs the compiler for a command.
//
// The compiler replaces this process by exec, so a local command costs one exec and leaves no second process.
// distcc runs as a child, because the launcher holds the session's reference meanwhile and checks distcc's
// outcome. SIGINT, SIGTERM and SIGHUP are forwarded to the child; it gets SIGTERM if the launcher dies. Main
// thread.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "pump/os/environment.h"
#include "pump/os/error.h"
#include "pump/os/process.h"

namespace pump::launcher {

/// Executes `argv` as a shell would, with PATH without masquerade directories. Returns only on failure, after
/// a message, with the exit status: 127 if the program was not found, 126 if it is not executable.
int become_compiler(const std::vector<std::string>& argv, const os::Environment& environment);

/// As become_compiler(), for a compiler cache. CCACHE_PREFIX is set to pump-launch, so that misses are
/// distributed, unless it is set already or pump-launch has a blank in its path.
int become_cache(const std::vector<std::string>& argv, const os::Environment& environment);

/// Runs the compiler like become_compiler(), but as a child, and waits for it. Error: it could not be
/// started.
Expected<os::ExitStatus> run_compiler(const std::vector<std::string>& argv,
                                      const os::Environment& environment);

/// Ends this process like the child: exits with its code, or dies by the same signal.
[[noreturn]] void end_like(const os::ExitStatus& status);

}  // namespace pump::launcher
