// One compilation through distcc: hosts, include server, distcc, and what becomes of a failure on the way.
//
// Whatever goes wrong before distcc has compiled ends in another way to compile, never in a failed build:
// without an include server distcc runs in plain mode; without hosts or distcc, or where distcc fails by
// itself, the compiler runs here. DISTCC_FALLBACK=0 forbids only the last of these: somebody wants to see
// distcc fail. Main thread.
#pragma once

#include <string>
#include <vector>

#include "launcher/decide/decide.h"

namespace pump::launcher {

/// `argv`: the caller's own words, for the compiler here. Returns the exit status, or does not return at all.
int distribute(const Decision& decision, const std::vector<std::string>& argv, const CommandContext& context);

}  // namespace pump::launcher
