#include "pump/scheduler/policy/pool.h"

#include <algorithm>
#include <bit>

namespace pump::scheduler {

Pool::Pool(std::string list, std::string compiler_name, Time now)
    : hosts(std::move(list)), compiler(std::move(compiler_name)), saturation_(now) {}

Pool::~Pool() {
  for (const Member& member : members_) std::erase(member.host->members, &member);
}

void Pool::add(Host& host) {
  if (by_number_.count(host.number) > 0) return;
  Member& member = members_.emplace_back();
  member.pool = this;
  member.host = &host;
  member.order = members_.size();
  const auto refusal = host.refusals.find(compiler);
  member.refused = refusal != host.refusals.end() && refusal->second.in_force;
  refusing_ += member.refused ? 1 : 0;
  by_number_.emplace(host.number, &member);
  host.members.push_back(&member);
}

std::vector<Host*> Pool::hosts_in_order() const {
  std::vector<Host*> result;
  result.reserve(members_.size());
  for (const Member& member : members_) result.push_back(member.host);
  return result;
}

bool Pool::some_differ() const {
  return std::any_of(members_.begin(), members_.end(), [this](const Member& member) {
    const auto refusal = member.host->refusals.find(compiler);
    return refusal != member.host->refusals.end() && refusal->second.in_force && refusal->second.differs;
  });
}

void Pool::changed(Member& member, Time now, double typical_work) {
  const auto refusal = member.host->refusals.find(compiler);
  const bool refused = refusal != member.host->refusals.end() && refusal->second.in_force;
  if (refused != member.refused) refusing_ = refused ? refusing_ + 1 : refusing_ - 1;
  member.refused = refused;

  const Offer before = member.offer;
  const Offer after = refused ? Offer{} : member.host->offer(now);
  std::set<Rank>::node_type node;
  if (before.now) node = free_.extract(rank(member));
  member.offer = after;
  if (after.now && node) {
    node.value() = rank(member);
    free_.insert(std::move(node));
  } else if (after.now) {
    free_.insert(rank(member));
  }

  if (before.level == after.level) {
    if (before.slots != after.slots || before.free != after.free)
      saturation_.change(after.level, after.slots - before.slots, after.free - before.free, now,
                         typical_work);
  } else {
    saturation_.change(before.level, -before.slots, -before.free, now, typical_work);
    saturation_.change(after.level, after.slots, after.free, now, typical_work);
  }

  if (after.soon && !before.soon) ++soon_;
  if (before.soon && !after.soon) {
    --soon_;
    check_hopeless = true;
  }
}

Host* Pool::best(const std::vector<HostNumber>& failed) const {
  // At most one step for each that failed.
  for (const Rank& rank : free_)
    if (!std::binary_search(failed.begin(), failed.end(), rank.member->host->number))
      return rank.member->host;
  return nullptr;
}

Time Pool::opens(const Host& host, double work) const {
  // The speed itself, also of a trial: if faster hosts are free, the trial has a higher level, and it is not asked.
  const auto since = saturation_.busy_since(host.speed.level() - kSlower);
  constexpr double kShare = 0.25;
  return since ? *since + from_seconds(kShare * host.speed.predict(work)) : Time::min();
}

std::uint64_t Pool::open_classes(const Host& host, Time now) const {
  unsigned low = 0, high = kClasses;  // the first class that must wait is in [low, high]
  if (opens(host, work_of_class(kClasses - 1)) <= now) return classes_up_to(kClasses - 1);
  while (low < high) {
    const unsigned middle = (low + high) / 2;
    if (opens(host, work_of_class(middle)) <= now)
      low = middle + 1;
    else
      high = middle;
  }
  return low == 0 ? 0 : classes_up_to(low - 1);
}

std::optional<Pool::Next> Pool::next_of(const Line& line, std::uint64_t open, Time now) {
  for (const auto& [failed, waiting] : line.retries) {
    Host* const host = best(failed);
    if (host == nullptr) continue;
    const Time time = opens(*host, waiting.front()->work);
    if (time <= now) return Next{waiting.front(), host};
    again = std::min(again, time);
  }
  Host* const host = free_.begin()->member->host;
  if (Unit* const unit = line.first(open); unit != nullptr) return Next{unit, host};
  if (line.classes != 0) {
    const auto shortest = static_cast<unsigned>(std::countr_zero(line.classes));
    again = std::min(again, opens(*host, work_of_class(shortest)));
  }
  return std::nullopt;
}

std::optional<Pool::Next> Pool::next(Time now) {
  if (free_.empty() || queue.empty()) return std::nullopt;
  const std::uint64_t open = open_classes(*free_.begin()->member->host, now);
  for (const auto& [order, line] : queue.lines())
    if (auto next = next_of(*line, open, now)) return next;
  return std::nullopt;
}

Host* Pool::best_proven() const {
  constexpr int kTries = 8;
  int tries = 0;
  for (const Rank& rank : free_) {
    if (rank.member->host->health.state() == HostState::Up && rank.member->host->health.proven())
      return rank.member->host;
    if (++tries == kTries) break;
  }
  return nullptr;
}

std::optional<Time> Pool::idle_since(int level, Time now, double typical_work) {
  const int faster = level == RunningUnits::kDoubtful ? kLastLevel : level - kSlower;
  const auto idle = saturation_.idle(faster, typical_work);
  if (idle && idle->certain > now) again = std::min(again, idle->certain);
  return idle && idle->certain <= now ? std::optional(idle->since) : std::nullopt;
}

std::size_t Pool::hosts_for(const std::vector<HostNumber>& failed) const {
  std::size_t left = soon_;
  for (const HostNumber number : failed) {
    const auto found = by_number_.find(number);
    if (found != by_number_.end() && found->second->offer.soon) --left;
  }
  return left;
}

}  // namespace pump::scheduler
