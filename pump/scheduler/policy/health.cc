#include "pump/scheduler/policy/health.h"

namespace pump::scheduler {

std::string_view name(HostState state) {
  switch (state) {
    case HostState::New:
      return "new";
    case HostState::Up:
      return "up";
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
  proven_ = false;
}

void Health::connected() {
  if (state_ != HostState::New) return;
  // Not a new epoch: what becomes of the unit that has just connected still counts.
  state_ = HostState::Up;
  until_probe_.reset();
}

void Health::did_unit(std::uint32_t epoch) {
  connected();
  if (epoch != epoch_) return;
  if (state_ == HostState::Sick) {
    enter(HostState::Up);
    until_trial_.reset();
    silent_ = false;
  }
  if (state_ == HostState::Up) proven_ = true;
}

void Health::failed(Fault fault, std::uint32_t epoch, Time now) {
  if (epoch != epoch_ || state_ == HostState::Down) return;
  if (fault == Fault::NoConnection) {
    enter(HostState::Down);
    due_ = now + until_probe_.take();
    return;
  }
  enter(HostState::Sick);
  silent_ = fault == Fault::NoAnswer;
  due_ = now + until_trial_.take();
}

void Health::probed(bool connected, Time now) {
  if (state_ != HostState::Down) return;
  if (connected)
    enter(HostState::New);
  else
    due_ = now + until_probe_.take();
}

void Health::forget() {
  *this = Health();
}

}  // namespace pump::scheduler
