// COMMAND as pump's child: in pump's process group, with its terminal, stdin, and the descriptors pump was
// given.
//
// SIGINT, SIGTERM, SIGHUP and SIGQUIT reach COMMAND exactly once: those that the terminal or a `kill` sends
// to the whole process group have reached it already, those sent to pump alone are passed on. Signals that
// pump found ignored stay ignored, for COMMAND too. Main thread of a process without other threads.
#pragma once

#include "pump/os/error.h"
#include "pump/os/process.h"

namespace pump::cli {

struct ForegroundResult {
  os::ExitStatus status;
  int received = 0;  ///< the last of the signals above that pump itself got while COMMAND ran, or 0
};

/// Runs it to its end. Only COMMAND itself is awaited: what it leaves behind holds nothing up.
/// Error: it could not be started (errno in `code`).
Expected<ForegroundResult> run_in_foreground(const os::SpawnOptions& options);

/// Ends this process by `number`, so that the calling shell sees what its child died of.
[[noreturn]] void die_by_signal(int number);

}  // namespace pump::cli
