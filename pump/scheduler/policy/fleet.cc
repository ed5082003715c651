#include "pump/scheduler/policy/fleet.h"

#include <algorithm>

namespace pump::scheduler {
namespace {

bool can_be_granted(const distcc::Host& host) {
  return host.pump() && !host.down && host.limit > 0 && !host.auth;
}

/// Where RunningUnits has the units of the host.
int level_of_units(const Host& host) {
  return host.health.proven() ? host.speed.level() : RunningUnits::kDoubtful;
}

}  // namespace

Pool& Fleet::pool(const std::string& text, const std::string& compiler, const distcc::HostList& list,
                  Time now) {
  const auto found = std::find_if(pools_.begin(), pools_.end(), [&](const std::unique_ptr<Pool>& pool) {
    return pool->compiler == compiler && pool->hosts == text;
  });
  if (found != pools_.end()) {
    std::rotate(pools_.begin(), found, std::next(found));
    return *pools_.front();
  }
  drop_idle_pools();
  auto pool = std::make_unique<Pool>(text, compiler, now);
  for (const distcc::Host& listed : list.hosts) {
    if (!can_be_granted(listed)) continue;
    Host& member = host(listed);
    pool->add(member);
    changed(member, now);
    arm(member, now);
    if (!member.last_fault.empty()) pool->last_fault = member.text + ": " + member.last_fault;
  }
  pools_.insert(pools_.begin(), std::move(pool));
  return *pools_.front();
}

Host& Fleet::host(const distcc::Host& listed) {
  const auto found = hosts_.find(listed.text);
  if (found != hosts_.end()) return *found->second;
  drop_idle_hosts();
  return *hosts_.emplace(listed.text, std::make_unique<Host>(listed, ++last_number_)).first->second;
}

Host* Fleet::find(std::string_view text) const {
  const auto found = hosts_.find(std::string(text));
  return found == hosts_.end() ? nullptr : found->second.get();
}

void Fleet::drop_idle_pools() {
  std::size_t idle = 0;
  std::erase_if(pools_, [&](const std::unique_ptr<Pool>& pool) {
    if (pool->units > 0 || ++idle < kMostIdlePools) return false;
    timers_.cancel(pool->timer);
    return true;
  });
}

void Fleet::drop_idle_hosts() {
  if (hosts_.size() < next_sweep_) return;
  std::erase_if(hosts_, [&](const auto& entry) {
    Host& host = *entry.second;
    if (!host.members.empty() || !host.units.empty()) return false;
    timers_.cancel(host.timer);
    return true;
  });
  // So that a sweep that finds nothing is not repeated for each new host.
  next_sweep_ = std::max(kMostHosts, 2 * hosts_.size());
}

void Fleet::changed(Host& host, Time now) {
  if (!host.speed.known()) host.speed.assume(estimates_.typical_log_pace(), estimates_.typical_work());
  if (const int level = level_of_units(host); level != host.level_of_units) {
    for (Unit* const unit : host.units) untrack(*unit);
    host.level_of_units = level;
    for (Unit* const unit : host.units) track(*unit);
  }
  for (Member* const member : host.members) member->pool->changed(*member, now, estimates_.typical_work());
}

void Fleet::track(Unit& unit) {
  if (unit.moves_to_faster < kMostMoves)
    unit.pool->running.add(unit, unit.doubtful ? RunningUnits::kDoubtful : unit.host->level_of_units);
}

void Fleet::untrack(Unit& unit) {
  if (unit.moves_to_faster < kMostMoves) unit.pool->running.remove(unit);
}

void Fleet::arm(Host& host, Time now) {
  Time next = Time::max();
  const HostState state = host.health.state();
  if (state == HostState::Sick && host.health.due() > now) next = host.health.due();
  if (host.health.needs_probe() && !host.probing) next = host.health.due();
  if (state == HostState::Down && host.health.may_restart_until() > now)
    next = std::min(next, host.health.may_restart_until());
  for (const auto& [compiler, refusal] : host.refusals)
    if (refusal.in_force) next = std::min(next, refusal.until);
  if (next == Time::max())
    timers_.cancel(host.timer);
  else
    timers_.set(host.timer, next, Event{nullptr, &host, nullptr});
}

void Fleet::note_fault(Host& host, const std::string& text) {
  ++host.faults;
  host.last_fault = text;
  for (Member* const member : host.members) member->pool->last_fault = host.text + ": " + text;
}

std::vector<const Host*> Fleet::hosts_in_use() const {
  std::vector<const Host*> hosts;
  for (const auto& [text, host] : hosts_)
    if (!host->members.empty() || !host->units.empty()) hosts.push_back(host.get());
  std::sort(hosts.begin(), hosts.end(), [](const Host* a, const Host* b) { return a->number < b->number; });
  return hosts;
}

}  // namespace pump::scheduler
