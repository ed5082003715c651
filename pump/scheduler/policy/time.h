// The scheduler's time. It is passed in by the caller, so tests have their own. Pure; any thread.
#pragma once

#include <algorithm>
#include <chrono>

namespace pump::scheduler {

using Time = std::chrono::steady_clock::time_point;
using Duration = std::chrono::steady_clock::duration;

inline double seconds_between(Time from, Time to) {
  return std::chrono::duration<double>(to - from).count();
}

/// Estimates can be absurd; a year is as good as for ever, and does not overflow.
inline Duration from_seconds(double seconds) {
  constexpr double kYear = 365.0 * 24 * 3600;
  return std::chrono::duration_cast<Duration>(std::chrono::duration<double>(std::clamp(seconds, 0.0, kYear)));
}

}  // namespace pump::scheduler
