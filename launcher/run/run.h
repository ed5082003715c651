// Running the compiler or distcc for a decided command.
//
// The compiler is exec'ed: this process becomes it, so a local command costs one exec and nothing stays
// behind. distcc runs as a child, because the launcher holds the session's reference meanwhile and looks at
// what distcc did afterwards. It forwards signals, and its own death takes distcc along. Main thread.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "pump/os/environment.h"
#include "pump/os/error.h"
#include "pump/os/process.h"

namespace pump::launcher {

/// Becomes `argv` as a shell would find it on PATH, masquerade directories left out. Returns only where that
/// fails: the exit status, after a message (127 not found, 126 not executable).
int become_compiler(const std::vector<std::string>& argv, const os::Environment& environment);

/// The same for a compiler cache, with pump-launch as what it calls for its misses (unless CCACHE_PREFIX says
/// otherwise).
int become_cache(const std::vector<std::string>& argv, const os::Environment& environment);

struct DistccCommand {
  std::string program;             ///< distcc's path
  std::vector<std::string> words;  ///< compiler first
  os::Environment environment;
  int messages = -1;  ///< in place of stderr, where it is a descriptor
};
/// Runs distcc to its end, and `meanwhile` once it has been started: this process has nothing to do then.
/// Error: it could not be started.
Expected<os::ExitStatus> run_distcc(const DistccCommand& command, const std::function<void()>& meanwhile);

/// Runs the compiler as become_compiler() would, but as a child, to its end. Error: it could not be started.
Expected<os::ExitStatus> run_compiler(const std::vector<std::string>& argv,
                                      const os::Environment& environment);

/// Ends this process as `status` did: exits, or dies by the same signal.
[[noreturn]] void end_like(const os::ExitStatus& status);

}  // namespace pump::launcher
