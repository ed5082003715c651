// Whether a host can be given units: its state machine (docs/scheduler.md, "States").
//
// An epoch is the time between two changes of state. A fault counts only in the epoch in which the unit was granted: if
// twelve units of a host fail for one reason, the host has failed once. Pure; one thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "pump/scheduler/policy/time.h"

namespace pump::scheduler {

/// Pauses that double.
class GrowingPause {
 public:
  GrowingPause(std::chrono::seconds first, std::chrono::seconds most)
      : first_(first), most_(most), next_(first) {}
  Duration take() {
    const auto pause = next_;
    next_ = std::min(2 * next_, most_);
    return pause;
  }
  void reset() { next_ = first_; }

 private:
  std::chrono::seconds first_, most_, next_;
};

enum class HostState : std::uint8_t { New, Up, Suspect, Sick, Down };
std::string_view name(HostState state);

/// What a unit that failed says about its host.
enum class Fault : std::uint8_t {
  NoConnection,
  ConnectionEnded,  ///< it accepted the unit, and then the connection ended
  CannotCompile,    ///< it accepted the unit, and failed at once
  NoAnswer,         ///< it accepted the unit, and nothing followed
};

class Health {
 public:
  [[nodiscard]] HostState state() const { return state_; }
  [[nodiscard]] std::uint32_t epoch() const { return epoch_; }
  /// When a host that is sick may be tried, or one that is suspect or down is to be probed.
  [[nodiscard]] Time due() const { return due_; }
  [[nodiscard]] bool trial_is_due(Time now) const { return state_ == HostState::Sick && due_ <= now; }
  /// When it is no longer likely that a host that is down restarts.
  [[nodiscard]] Time may_restart_until() const {
    constexpr std::chrono::seconds kRestart(1);
    return down_since_ ? *down_since_ + kRestart : Time();
  }
  [[nodiscard]] bool needs_probe() const { return state_ == HostState::Suspect || state_ == HostState::Down; }
  /// The last fault was that it did not answer. So a trial may take long.
  [[nodiscard]] bool silent() const { return silent_; }
  /// It has done a unit in this epoch.
  [[nodiscard]] bool proven() const { return proven_; }

  void connected();
  /// A unit that was granted in `epoch` was done.
  void did_unit(std::uint32_t epoch);
  void failed(Fault fault, std::uint32_t epoch, Time now);
  /// `explained`: of a suspect host, it is known why it ended connections, and it was not the host's fault.
  void probed(bool connected, bool explained, Time now);
  /// A trial of a sick host is due, unless the host was silent: a trial of those takes long.
  void make_trial_due(Time now);
  /// Nothing is known any more.
  void forget();

 private:
  void enter(HostState state);
  void enter_sick(bool silent, Time now);
  void enter_down(Time now);
  void probe_later(Time now);

  HostState state_ = HostState::New;
  std::uint32_t epoch_ = 0;
  Time due_{};
  bool silent_ = false;
  bool proven_ = false;
  bool restarted_ = false;  ///< it ended connections, accepts them again, and has done nothing since
  GrowingPause until_trial_{std::chrono::seconds(5), std::chrono::seconds(60)};
  std::optional<Time> down_since_;  ///< it has not accepted a unit since
};

}  // namespace pump::scheduler
