// The hosts of one list for one compiler, and the units that want them.
//
// A host list can change during a build, two builds can have different ones, and hosts refuse compilers. Units with the
// same list and compiler can go to the same hosts, except for those on which they failed. So the order of hosts, and
// what follows from it, is kept for each such pair; there are few of them. A host is in several pools.
//
// The rule by which a slot of a slow host is used is here: a unit takes it if the faster ones have been busy for longer
// than a quarter of the time that it would need. Costs are given in the headers of the parts. Pure; one thread.
#pragma once

#include <deque>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "pump/scheduler/policy/fair_queue.h"
#include "pump/scheduler/policy/host.h"
#include "pump/scheduler/policy/running_units.h"
#include "pump/scheduler/policy/saturation.h"

namespace pump::scheduler {

class Pool;

/// A host in a pool.
struct Member {
  Pool* pool = nullptr;
  Host* host = nullptr;
  std::size_t order = 0;  ///< in the list
  bool refused = false;   ///< the host refuses the pool's compiler
  Offer offer;            ///< as the pool knows it
};

class Pool {
 public:
  Pool(std::string hosts, std::string compiler, Time now);
  ~Pool();
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  const std::string hosts;  ///< the list's text
  const std::string compiler;

  /// Call changed() afterwards.
  void add(Host& host);
  /// What the host offers has changed, or may have. O(log n).
  void changed(Member& member, Time now, double typical_work);

  FairQueue queue;
  RunningUnits running;
  std::size_t units = 0;   ///< queued or running. 0: the pool may be forgotten
  std::string last_fault;  ///< "HOST: TEXT" of the last fault of a host; empty: none
  EventTimers::Timer timer;
  Time again = Time::max();  ///< when a decision changes though nothing happens. The owner resets it

  struct Next {
    Unit* unit = nullptr;
    Host* host = nullptr;
  };
  /// The unit that is next, and the host for it; nothing: no host is free for any. Lowers `again`.
  std::optional<Next> next(Time now);

  /// The best host that has a free slot, has done units and so is worth a move. Null: none.
  [[nodiscard]] Host* best_proven() const;
  /// Since when the hosts that are faster than those of `level`, a level of RunningUnits, are idle; nothing: they are busy,
  /// or it is not certain yet. Lowers `again`.
  std::optional<Time> idle_since(int level, Time now, double typical_work);
  /// Of the hosts that are up.
  [[nodiscard]] double fastest_pace() const { return pace_of_level(saturation_.fastest()); }

  /// Hosts that units may wait for, without those of `failed`.
  [[nodiscard]] std::size_t hosts_for(const std::vector<HostNumber>& failed) const;
  [[nodiscard]] std::size_t hosts_soon() const { return soon_; }
  [[nodiscard]] bool refused_by_some() const { return refusing_ > 0; }
  [[nodiscard]] bool some_differ() const;  ///< in the version of the compiler
  [[nodiscard]] std::vector<Host*> hosts_in_order() const;
  [[nodiscard]] bool empty() const { return members_.empty(); }
  /// Some unit may have no host any more. Set by changed().
  bool check_hopeless = false;

 private:
  struct Rank {
    int level = 0;
    unsigned load = 0;
    std::size_t order = 0;
    const Member* member = nullptr;
    friend bool operator<(const Rank& a, const Rank& b) {
      if (a.level != b.level) return a.level < b.level;
      if (a.load != b.load) return a.load < b.load;
      return a.order < b.order;
    }
  };
  static Rank rank(const Member& member) {
    return {member.offer.level, member.offer.load, member.order, &member};
  }
  [[nodiscard]] Host* best(const std::vector<HostNumber>& failed) const;
  /// When a unit of `work` seconds may take a slot of the host.
  [[nodiscard]] Time opens(const Host& host, double work) const;
  [[nodiscard]] std::uint64_t open_classes(const Host& host, Time now) const;
  [[nodiscard]] std::optional<Next> next_of(const Line& line, std::uint64_t open, Time now);

  std::deque<Member> members_;
  std::unordered_map<HostNumber, Member*> by_number_;
  std::set<Rank> free_;
  Saturation saturation_;
  std::size_t soon_ = 0;
  std::size_t refusing_ = 0;
};

}  // namespace pump::scheduler
