#include "pump/scheduler/policy/health.h"

#include <algorithm>

namespace pump::scheduler {

std::string_view name(HostState state) {
  switch (state) {
    case HostState::New:
      return "new";
    case HostState::Up:
      return "up";
    case HostState::Suspect:
      return "suspect";
    case HostState::Sick:
      return "sick";
    case HostState::Down:
      return "down";
  }
  return "";
}

void Health::enter(HostState state) {
  state_ = state;
  ++epoch_;
  proven_ = silent_ = false;
}

void Health::connected() {
  if (state_ != HostState::New) return;
  // Not a new epoch: what becomes of the unit that has just connected still counts.
  state_ = HostState::Up;
  down_since_.reset();
}

void Health::did_unit(std::uint32_t epoch) {
  connected();
  if (epoch != epoch_) return;
  if (state_ == HostState::Sick) {
    enter(HostState::Up);
    until_trial_.reset();
  }
  restarted_ = false;
  if (state_ == HostState::Up) proven_ = true;
}

void Health::failed(Fault fault, std::uint32_t epoch, Time now) {
  if (epoch != epoch_ || needs_probe()) return;
  switch (fault) {
    case Fault::NoConnection:
      return enter_down(now);
    case Fault::ConnectionEnded:
    case Fault::NoAnswer:
      enter(HostState::Suspect);
      silent_ = fault == Fault::NoAnswer;
      due_ = now;
      return;
    case Fault::CannotCompile:
      return enter_sick(false, now);
  }
}

void Health::enter_sick(bool silent, Time now) {
  enter(HostState::Sick);
  silent_ = silent;
  due_ = now + until_trial_.take();
}

void Health::enter_down(Time now) {
  enter(HostState::Down);
  restarted_ = false;
  if (!down_since_) down_since_ = now;
  probe_later(now);
}

void Health::probe_later(Time now) {
  // A host that returns is noticed after a quarter of the time that it was away, whether it restarts or reboots.
  constexpr Duration kShortest = std::chrono::milliseconds(250), kLongest = std::chrono::seconds(15);
  due_ = now + std::clamp((now - *down_since_) / 4, kShortest, kLongest);
}

void Health::probed(bool connected, bool explained, Time now) {
  if (!needs_probe()) return;
  if (!connected) return state_ == HostState::Down ? probe_later(now) : enter_down(now);
  if (state_ == HostState::Suspect) {
    if (silent_ || (restarted_ && !explained)) return enter_sick(silent_, now);
    if (!explained) restarted_ = true;
  }
  enter(HostState::New);
}

void Health::make_trial_due(Time now) {
  if (state_ == HostState::Sick && !silent_) due_ = std::min(due_, now);
}

void Health::forget() {
  *this = Health();
}

}  // namespace pump::scheduler
