// Runs one compilation through distcc: finds distcc, hosts and the include server, runs distcc, and handles
// its outcome.
//
// A failure before distcc has compiled does not fail the build. Without an include server distcc runs in
// plain mode. Without hosts or distcc, or if distcc itself fails, the compiler runs here. With
// DISTCC_FALLBACK=0 it does not run here after distcc has failed, so that such failures are visible. Main
// thread.
#pragma once

#include <string>
#include <vector>

#include "launcher/decide/decide.h"

namespace pump::launcher {

/// `argv`: the caller's own words, for the compiler here. Usually ends the process; returns the exit status
/// if the compiler could not be executed.
int distribute(const Decision& decision, const std::vector<std::string>& argv, const CommandContext& context);

}  // namespace pump::launcher
