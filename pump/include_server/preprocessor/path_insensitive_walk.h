// Tier 3: the path-insensitive walk, for units whose conditions take too many steps to follow.
//
// Every #include of every branch of every file reached counts, each file once per place it was found from;
// computed includes take every name that any combination of the definitions seen can give, within bounds.
// Never too small where it answers; where even this is too much, it gives up (GiveUp::Budget).
#pragma once

#include <cstdint>

#include "pump/include_server/preprocessor/closure.h"
#include "pump/include_server/unit/translation_unit.h"

namespace pump::include_server {

class Walker;

/// Completes `closure` after a walk that could not. Sets `approximate`.
void reach_everything(Walker& walker, const Unit& unit, std::uint64_t step_limit, Closure& closure);

}  // namespace pump::include_server
