#include "pump/scheduler/policy/host.h"

#include <algorithm>

namespace pump::scheduler {
namespace {

/// A trial may fail, and then its time is lost: it counts as so many levels slower than the host, a factor of 2.4.
constexpr int kRiskOfTrial = 4;

}  // namespace

Offer Host::offer(Time now) const {
  Offer offer;
  const auto running = static_cast<unsigned>(units.size());
  const unsigned slots = limit - std::min(taken, limit);
  offer.level = speed.level();
  offer.load = running * 256 / limit;
  switch (health.state()) {
    case HostState::New:
      offer.now = trial == nullptr && running < slots;
      offer.soon = true;
      offer.slots = 1;
      break;
    case HostState::Up:
      // A host that does not accept connections any more costs the launchers that try it at the moment, but no others.
      offer.now = running < slots && late == 0;
      offer.soon = true;
      offer.slots = static_cast<int>(slots);
      break;
    case HostState::Suspect:
      offer.soon = true;
      return offer;
    case HostState::Sick:
      offer.now = health.trial_is_due(now) && trial == nullptr && running < slots;
      // The end of a trial is worth waiting for: a host that was full usually has space again.
      offer.soon = offer.now || (trial != nullptr && !health.silent());
      offer.level = health.silent() ? kLastLevel : std::min(offer.level + kRiskOfTrial, kLevels - 1);
      return offer;  // its slots do not count
    case HostState::Down:
      offer.soon = done > 0 && now < health.may_restart_until();
      return offer;
  }
  offer.free = offer.now ? std::max(offer.slots - static_cast<int>(running), 0) : 0;
  return offer;
}

void Host::add(Unit& unit) {
  unit.host = this;
  unit.index = units.size();
  units.push_back(&unit);
}

void Host::remove(Unit& unit) {
  units.back()->index = unit.index;
  units.at(unit.index) = units.back();
  units.pop_back();
  unit.host = nullptr;
}

}  // namespace pump::scheduler
