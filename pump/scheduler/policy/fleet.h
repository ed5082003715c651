// All hosts that some list names, and the pools (pool.h) that these lists make.
//
// Limits: pools without units are kept for the next unit, kMostIdlePools of them; a host that no pool names any more is
// remembered, with its speed, until there are kMostHosts. Pure; one thread.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "pump/distcc/hosts.h"
#include "pump/scheduler/policy/estimates.h"
#include "pump/scheduler/policy/pool.h"

namespace pump::scheduler {

inline constexpr std::size_t kMostIdlePools = 16;
inline constexpr std::size_t kMostHosts = 4096;

class Fleet {
 public:
  Fleet(const Estimates& estimates, EventTimers& timers) : estimates_(estimates), timers_(timers) {}

  /// Makes it if there is none. Hosts that cannot be granted are left out: local ones, those that are marked as down,
  /// those that are not in pump mode, and those that need authentication.
  Pool& pool(const std::string& text, const std::string& compiler, const distcc::HostList& list, Time now);
  /// Null: no such host.
  [[nodiscard]] Host* find(std::string_view text) const;

  /// Call after a change of the host, its units, its speed or its health. O(log n) for each of its pools; if its level
  /// has changed, also for each of its units.
  void changed(Host& host, Time now);
  /// When the host's timer is to fire.
  void arm(Host& host, Time now);
  /// The host failed; `text` is for people.
  void note_fault(Host& host, const std::string& text);

  /// Adds a running unit to the candidates for a move; not for one that was moved already.
  static void track(Unit& unit);
  static void untrack(Unit& unit);

  [[nodiscard]] const std::vector<std::unique_ptr<Pool>>& pools() const { return pools_; }
  /// Those that some pool names, or on which units run.
  [[nodiscard]] std::vector<const Host*> hosts_in_use() const;

 private:
  Host& host(const distcc::Host& listed);
  void drop_idle_pools();
  void drop_idle_hosts();

  const Estimates& estimates_;
  EventTimers& timers_;
  // The hosts outlive the pools, which refer to them.
  std::unordered_map<std::string, std::unique_ptr<Host>> hosts_;
  std::vector<std::unique_ptr<Pool>> pools_;  ///< most recently used first
  HostNumber last_number_ = 0;
  std::size_t next_sweep_ = kMostHosts;
};

}  // namespace pump::scheduler
