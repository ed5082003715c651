// Runs COMMAND as pump's child: in pump's process group, with its terminal, its stdin, and the descriptors
// that pump inherited.
//
// SIGINT, SIGTERM, SIGHUP and SIGQUIT reach COMMAND exactly once. Those sent to the whole process group, by
// the terminal or by `kill`, have reached it already; those sent to pump alone are forwarded. Signals that
// were ignored when pump started stay ignored, also in COMMAND. Main thread of a process without other
// threads.
#pragma once

#include "pump/os/error.h"
#include "pump/os/process.h"

namespace pump::cli {

struct ForegroundResult {
  os::ExitStatus status;
  int received = 0;  ///< the last of these signals that pump received while COMMAND ran, or 0
};

/// Returns when COMMAND has ended; processes that it left running are not waited for.
/// Error: COMMAND could not be started (errno in `code`).
Expected<ForegroundResult> run_in_foreground(const os::SpawnOptions& options);

/// Ends this process by signal `number`, so that the calling shell sees the signal.
[[noreturn]] void die_by_signal(int number);

}  // namespace pump::cli
