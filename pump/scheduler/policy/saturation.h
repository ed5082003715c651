// How long the hosts of at least some speed have been busy, or idle. Two decisions depend on it: to use a slow host
// although a faster one will be free soon, and to move a unit from a slow host to a faster one (docs/scheduler.md).
//
// A build with -jN has at most N units. Between two of them a slot is free for a moment, while the launcher starts.
// So hosts are idle only if an eighth of their slots is free, and for an eighth of a typical unit's time. They are busy
// until then, whatever happens in between. Each call costs O(kAllLevels). Pure; one thread.
#pragma once

#include <array>
#include <optional>

#include "pump/scheduler/policy/speed.h"
#include "pump/scheduler/policy/time.h"

namespace pump::scheduler {

class Saturation {
 public:
  /// Idle until `start`, for long.
  explicit Saturation(Time start);

  /// Of hosts of `level`: so many more slots, of which so many are free. `typical_work`: of a unit, in seconds.
  void change(int level, int slots, int free, Time now, double typical_work);

  /// Since when the hosts of `level` and faster ones have been busy. Nothing: they are idle, or there are none.
  [[nodiscard]] std::optional<Time> busy_since(int level) const;
  struct Idle {
    Time since{};
    Time certain{};  ///< when they have been, or will have been, idle for long enough
  };
  /// Of the same hosts. Nothing: they are busy, or there are none.
  [[nodiscard]] std::optional<Idle> idle(int level, double typical_work) const;
  /// The level of the fastest hosts.
  [[nodiscard]] int fastest() const;

 private:
  /// The hosts of a level and all faster ones.
  struct Prefix {
    int slots = 0, free = 0;
    Time idle_since{}, busy_since{};
    [[nodiscard]] bool idle() const { return free * 8 >= slots && free > 0; }
  };
  std::array<Prefix, kAllLevels> prefixes_;
};

}  // namespace pump::scheduler
