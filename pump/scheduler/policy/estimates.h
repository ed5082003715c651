// How much work a unit is: a prediction from its last compilation, or else from its size, the number of files it reads.
//
// The work of a unit is the time that a host of pace 1 (speed.h) would take. A unit that was compiled before, in this
// server's life, takes as long as last time, corrected by the pace of the host. Of others only the size is known;
// a compiler's units take a similar time for each file. (Not a build's: builds are short-lived, and C beside C++ differs
// by a factor of five.)
//
// Limits: the last kMostUnits units (about; 2 MB) and kMostCompilers compilers are remembered. Pure; one thread.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "pump/scheduler/policy/speed.h"

namespace pump::scheduler {

inline constexpr std::size_t kMostUnits = 1U << 17U;
inline constexpr std::size_t kMostCompilers = 256;

/// Remembers a number for each of the kMostUnits most recently used keys, about: a key has kWays places, and
/// replaces the one of them that was unused for longest.
class RecentWork {
 public:
  static constexpr std::size_t kWays = 8;

  /// 0: not known.
  [[nodiscard]] double find(std::uint64_t key) const;
  void store(std::uint64_t key, double seconds);

 private:
  struct Entry {
    std::uint64_t key = 0;
    float seconds = 0;
    std::uint32_t used = 0;  ///< count of store() at that time
  };
  std::vector<Entry> entries_;  ///< empty until the first store()
  std::uint32_t stores_ = 0;
};

class Estimates {
 public:
  struct Unit {
    std::uint64_t key = 0;  ///< the same in the next build
    std::uint64_t size = 0;
    std::string_view compiler;
  };

  /// Seconds; 0: nothing is known.
  [[nodiscard]] double work(const Unit& unit) const;
  /// The prediction is from the last compilation.
  [[nodiscard]] bool measured(const Unit& unit) const { return recent_.find(unit.key) > 0; }
  /// A unit was compiled in `compiling` seconds, with `overhead` in addition. Also corrects the host's speed.
  void learn(const Unit& unit, double compiling, double overhead, Speed& speed);

  /// Of a typical unit, in seconds; 0: nothing is known.
  [[nodiscard]] double typical_work() const;
  /// Of a host that does a typical unit. A logarithm.
  [[nodiscard]] double typical_log_pace() const { return log_pace_.value(); }

 private:
  RecentWork recent_;
  std::map<std::string, LogAverage, std::less<>> per_size_;  ///< by compiler: log seconds of work per byte
  LogAverage any_per_size_;
  LogAverage log_work_;
  LogAverage log_pace_;
  double typical_work_ = 0;
};

}  // namespace pump::scheduler
