// Decides which unit runs on which host: the states, rules and reasons are in docs/scheduler.md.
//
// Pure: no I/O, no clock. The caller passes the time and delivers the decisions. Each call costs O(log n) in
// the number of hosts, builds and units. One thread.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "pump/distcc/hosts.h"
#include "pump/scheduler/messages.h"
#include "pump/scheduler/policy/time.h"

namespace pump::scheduler {

using UnitId = std::uint64_t;

struct GrantDecision {
  UnitId unit;
  std::string host;  ///< distcc::Host::text
  double predicted;  ///< seconds; 0: not known
};
struct LocalDecision {
  UnitId unit;
  std::string reason;
  std::string detail;
};
/// The unit's host is to be given up. Unless the cause is Stopped, the unit is queued again at once, without a new submit(),
/// and its next grant may follow in the same list. The launcher's reply is passed to finished(): Moved, or its result if the
/// two have crossed.
struct MoveDecision {
  UnitId unit;
  MoveCause cause;
  std::string reason;
};
/// A connection to the host is to be tried in the background; probed() reports the result.
struct ProbeDecision {
  std::string host;
};
using Decision = std::variant<GrantDecision, LocalDecision, MoveDecision, ProbeDecision>;

class Scheduler {
 public:
  /// `is_stopped`: the unit's launcher is stopped (SIGTSTP, SIGSTOP). Asked about units that take longer than predicted.
  explicit Scheduler(std::function<bool(UnitId)> is_stopped = [](UnitId) { return false; });
  ~Scheduler();
  Scheduler(const Scheduler&) = delete;
  Scheduler& operator=(const Scheduler&) = delete;

  /// A unit wants a host of `hosts`, the parsed Want::hosts. Hosts are identified by their text; a host that
  /// several lists name is one host.
  void submit(UnitId unit, const Want& want, const distcc::HostList& hosts, Time now);
  void connected(UnitId unit, Time now);
  /// The unit ended on its host. After a fault of the host it is queued again by the next submit(); Ok and
  /// CompileError end it. After a MoveDecision, the next call is the reply to that: a fault is one of the old host, and the
  /// unit keeps its place or its new host; a submit() then changes nothing.
  void finished(UnitId unit, const Done& done, Time now);
  /// The launcher is gone, in any state.
  void gone(UnitId unit, Time now);
  void probed(std::string_view host, bool connected, Time now);
  /// Slots of the host that other processes of the user hold at the moment.
  void set_taken(std::string_view host, unsigned slots, Time now);

  /// What is to be done now. Call after each of the above, and at next_time().
  std::vector<Decision> decide(Time now);
  /// When decide() has to be called although nothing happened; nothing: never.
  [[nodiscard]] std::optional<Time> next_time() const;

  struct HostStatus {
    std::string host;
    std::string state;  ///< "new", "up", "suspect", "sick", "down"
    unsigned slots = 0, running = 0, taken = 0;
    double speed = 0;  ///< relative to the average of the hosts; 0: not known
    std::uint64_t units = 0, faults = 0;
    std::string last_fault;  ///< Done::detail of the last fault; empty: none
  };
  struct Status {
    std::vector<HostStatus> hosts;
    std::size_t queued = 0, running = 0;
    std::size_t stopped = 0;  ///< units on hosts whose launchers are stopped; they count for no slot
  };
  [[nodiscard]] Status status(Time now) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace pump::scheduler
