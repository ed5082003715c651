#include "pump/scheduler/policy/running_units.h"

namespace pump::scheduler {

void RunningUnits::add(Unit& unit, int level) {
  unit.level = level;
  units_.at(static_cast<std::size_t>(level)).emplace(unit.end, &unit);
  used_ |= std::uint64_t{1} << level;
}

void RunningUnits::remove(Unit& unit) {
  std::set<Entry>& units = units_.at(static_cast<std::size_t>(unit.level));
  units.erase({unit.end, &unit});
  if (units.empty()) used_ &= ~(std::uint64_t{1} << unit.level);
}

}  // namespace pump::scheduler
