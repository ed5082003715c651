#include "pump/scheduler/policy/saturation.h"

#include <algorithm>

namespace pump::scheduler {
namespace {

/// The time after which hosts of `level` are idle.
Duration patience(int level, double typical_work) {
  constexpr double kLeast = 0.01, kMost = 1;
  return from_seconds(std::clamp(typical_work * pace_of_level(level) / 8, kLeast, kMost));
}

}  // namespace

Saturation::Saturation(Time start) {
  for (Prefix& prefix : prefixes_) prefix.idle_since = start - std::chrono::hours(24);
}

void Saturation::change(int level, int slots, int free, Time now, double typical_work) {
  for (int i = level; i < kAllLevels; ++i) {
    Prefix& prefix = prefixes_.at(static_cast<std::size_t>(i));
    const bool was_idle = prefix.idle() || prefix.slots == 0;
    prefix.slots += slots;
    prefix.free += free;
    const bool is_idle = prefix.idle() || prefix.slots == 0;
    if (was_idle && !is_idle && now - prefix.idle_since >= patience(i, typical_work)) prefix.busy_since = now;
    if (!was_idle && is_idle) prefix.idle_since = now;
  }
}

std::optional<Time> Saturation::busy_since(int level) const {
  if (level < 0) return std::nullopt;
  const Prefix& prefix = prefixes_.at(static_cast<std::size_t>(level));
  if (prefix.idle() || prefix.slots == 0) return std::nullopt;
  return prefix.busy_since;
}

std::optional<Saturation::Idle> Saturation::idle(int level, double typical_work) const {
  const Prefix& prefix = prefixes_.at(static_cast<std::size_t>(level));
  if (!prefix.idle()) return std::nullopt;
  return Idle{prefix.idle_since, prefix.idle_since + patience(level, typical_work)};
}

int Saturation::fastest() const {
  const auto* const found =
      std::find_if(prefixes_.begin(), prefixes_.end(), [](const Prefix& prefix) { return prefix.slots > 0; });
  return static_cast<int>(found - prefixes_.begin());
}

}  // namespace pump::scheduler
