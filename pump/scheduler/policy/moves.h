// Which running units are given up and started again elsewhere, and why (docs/scheduler.md, "Moves").
//
// A unit runs in one place at a time. So a move throws away what the old host has done; it must end the unit earlier
// nevertheless. Costs: O(kLevels) for each call, whatever the number of units. Pure; one thread.
#pragma once

#include <optional>

#include "pump/scheduler/policy/pool.h"

namespace pump::scheduler {

/// When a unit that has just been granted is expected to end.
Time expected_end(const Unit& unit, Time now);
/// The same, of a unit that was expected to end by now. Counts in unit.overruns.
Time next_expected_end(Unit& unit, Time now);
/// From when on the unit is doubtful: it may never end. It is taken away from its host if that has answered nothing for
/// as long, or if an idle host can have it.
Time doubtful_at(const Unit& unit);
Time silent_at(const Unit& unit);

struct MoveToFaster {
  Unit* unit = nullptr;
  Host* host = nullptr;
};
/// The move to an idle host that is worth most. Nothing: none is worth it. Lowers pool.again.
/// `typical_work`: of a unit, in seconds.
std::optional<MoveToFaster> find_move(Pool& pool, double typical_work, Time now);

}  // namespace pump::scheduler
