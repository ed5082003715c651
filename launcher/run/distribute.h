// Runs one compilation on another machine: finds hosts and the session's server, asks it for files and for a slot,
// compiles on the host, and writes the outputs.
//
// Nothing that fails on the way fails the build: the unit is tried on other hosts, then compiled here, for a named
// reason. DISTCC_FALLBACK=0 forbids that, so that failures are visible. Main thread.
#pragma once

#include <string>
#include <vector>

#include "launcher/decide/decide.h"

namespace pump::launcher {

/// `argv`: the caller's own words, for the compiler here. Ends the process, or returns the exit status if the
/// compiler could not be executed.
int distribute(Decision decision, const std::vector<std::string>& argv, const CommandContext& context);

}  // namespace pump::launcher
