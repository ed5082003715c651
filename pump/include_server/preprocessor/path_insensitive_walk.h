// The path-insensitive walk: completes the closure of a unit whose conditions take too many steps to follow,
// or cannot be followed.
//
// It takes every #include of every branch of every file it reaches. A file is read once for each position in
// the search path at which it was found. A computed include may name every header that any combination of the
// definitions seen can give, within limits. The closure may be too large, but not too small. If even this
// takes too many steps, the closure gives up (GiveUp::Budget).
#pragma once

#include <cstdint>

#include "pump/include_server/preprocessor/closure.h"
#include "pump/include_server/unit/translation_unit.h"

namespace pump::include_server {

class Walker;

/// Completes `closure` on the thread on which Walker::run() returned false for this unit. Sets
/// Closure::approximate.
void walk_path_insensitively(Walker& walker, const Unit& unit, std::uint64_t step_limit, Closure& closure);

}  // namespace pump::include_server
