// Runs one compilation through distcc: finds distcc, hosts and the include server, runs distcc, and handles
// its outcome.
//
// A failure before distcc has compiled never fails the build. Without an include server distcc runs in plain
// mode. Without hosts or distcc, or if distcc itself fails, the compiler runs here. DISTCC_FALLBACK=0 forbids
// only the last, so that failures of distcc are visible. Main thread.
#pragma once

#include <string>
#include <vector>

#include "launcher/decide/decide.h"

namespace pump::launcher {

/// `argv`: the caller's own words, for the compiler here. Usually ends the process; returns the exit status
/// if the compiler could not be executed.
int distribute(const Decision& decision, const std::vector<std::string>& argv, const CommandContext& context);

}  // namespace pump::launcher
