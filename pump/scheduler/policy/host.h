// A host: its health, its speed, and the units that run on it. Pure; one thread.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "pump/distcc/hosts.h"
#include "pump/scheduler/policy/health.h"
#include "pump/scheduler/policy/speed.h"
#include "pump/scheduler/policy/unit.h"

namespace pump::scheduler {

struct Member;

/// What a host offers at the moment.
struct Offer {
  bool now = false;         ///< it can take a unit
  bool soon = false;        ///< now, or when one of its units or a probe ends: a unit may wait for it
  int level = 0;            ///< rank among those that can take one
  unsigned load = 0;        ///< for an order within the level: units per 256 slots
  int slots = 0, free = 0;  ///< for Saturation
};

/// A compiler that the host does not run, or has another version of.
struct Refusal {
  GrowingPause pause{std::chrono::seconds(60), std::chrono::seconds(3600)};
  Time until{};
  bool in_force = false;
  bool differs = false;  ///< it runs, but is another version
};

/// A compiler whose last unit here ended with the connection, without a reply.
struct Ending {
  std::uint32_t next_epoch = 0;  ///< the first epoch in which another unit tells more
  bool again = false;            ///< one did
};

struct Host {
  Host(const distcc::Host& listed, HostNumber host_number)
      : text(listed.text), number(host_number), limit(listed.limit), ssh(listed.ssh) {}

  const std::string text;  ///< distcc::Host::text
  const HostNumber number;
  const unsigned limit;
  const bool ssh;

  Health health;
  Speed speed;
  bool probing = false;             ///< a probe is under way
  unsigned taken = 0;               ///< slots that other processes hold
  unsigned late = 0;                ///< units that do not get a connection
  Unit* trial = nullptr;            ///< of a host that is new or sick
  Time last_answer{};               ///< the last time that a unit ended here
  std::vector<Unit*> units;         ///< running
  int level_of_units = kAllLevels;  ///< where RunningUnits has them; RunningUnits::kDoubtful at first
  std::map<std::string, Refusal, std::less<>> refusals;  ///< by compiler
  std::map<std::string, Ending, std::less<>> endings;    ///< by compiler

  std::uint64_t done = 0, faults = 0;
  std::string last_fault;
  std::string tried_for;  ///< the last build that tried it in vain, or at whose begin a trial was made due

  std::vector<Member*> members;  ///< its places in pools
  EventTimers::Timer timer;

  [[nodiscard]] Offer offer(Time now) const;
  void add(Unit& unit);
  void remove(Unit& unit);
};

}  // namespace pump::scheduler
