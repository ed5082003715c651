// The units of a pool that run, by the level of their host and their estimated end: the candidates for a move.
// Each call costs O(log n), find() O(kLevels). Pure; one thread.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <set>
#include <utility>

#include "pump/scheduler/policy/speed.h"
#include "pump/scheduler/policy/unit.h"

namespace pump::scheduler {

class RunningUnits {
 public:
  /// For units that may never end: of hosts that have done no unit yet, and doubtful ones.
  static constexpr int kDoubtful = kAllLevels;

  /// Uses unit.end; sets unit.level.
  void add(Unit& unit, int level);
  void remove(Unit& unit);

  /// True if a unit is slower than on a host of `level`, or doubtful.
  [[nodiscard]] bool any_slower(int level) const { return (used_ & slower(level)) != 0; }
  /// Of the units that are slower than on a host of `level`, or doubtful, and whose level is `eligible`, the one of which
  /// `worth` is highest; null: it is 0 for all. Of each level only the units that end last are considered: if others are
  /// worth something, they will be considered soon.
  template <typename Eligible, typename Worth>
  Unit* find(int level, const Eligible& eligible, const Worth& worth) const {
    constexpr int kTries = 4;
    Unit* best = nullptr;
    double most = 0;
    for (std::uint64_t left = used_ & slower(level); left != 0; left &= left - 1) {
      const int unit_level = std::countr_zero(left);
      if (!eligible(unit_level)) continue;
      const std::set<Entry>& units = units_.at(static_cast<std::size_t>(unit_level));
      auto unit = units.rbegin();
      for (int i = 0; i < kTries && unit != units.rend(); ++i, ++unit) {
        const double its = worth(*unit->second);
        if (its > most) best = unit->second;
        most = std::max(most, its);
      }
    }
    return best;
  }

 private:
  using Entry = std::pair<Time, Unit*>;
  static std::uint64_t slower(int level) { return ~std::uint64_t{0} << std::min(level + kSlower, kDoubtful); }

  std::array<std::set<Entry>, kAllLevels + 1> units_;
  std::uint64_t used_ = 0;  ///< a bit for each level that has units
};

}  // namespace pump::scheduler
