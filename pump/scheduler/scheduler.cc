#include "pump/scheduler/scheduler.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>
#include <utility>

#include "pump/os/format.h"
#include "pump/scheduler/policy/diagnosis.h"
#include "pump/scheduler/policy/estimates.h"
#include "pump/scheduler/policy/fleet.h"
#include "pump/scheduler/policy/moves.h"
#include "pump/scheduler/policy/unit.h"

namespace pump::scheduler {
namespace {

/// A connection takes longer than this only if the host does not answer.
constexpr std::chrono::seconds kLate(1);
/// A unit that took a compiler, a connection or the memory of so many hosts with it is compiled locally: it would
/// otherwise make all hosts sick, one after the other.
constexpr unsigned kMostSuspicious = 3;

Symptom symptom_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::Refused:
    case Outcome::Unreachable:
      return Symptom::NoConnection;
    case Outcome::Reset:
      return Symptom::ConnectionEnded;
    case Outcome::Closed:
      return Symptom::EndedWithoutReply;
    case Outcome::NoSpace:
    case Outcome::NoMemory:
    case Outcome::ProtocolError:
      return Symptom::CannotCompile;
    case Outcome::Stalled:
      return Symptom::NoAnswer;
    case Outcome::CompilerRefused:
      return Symptom::CompilerRefused;
    case Outcome::CompilerDiffers:
      return Symptom::CompilerDiffers;
    case Outcome::Ok:
    case Outcome::CompileError:
    case Outcome::CompilerCrashed:
    case Outcome::Moved:
      break;
  }
  return Symptom::OfTheUnit;
}

/// The unit may have caused it.
bool is_suspicious(Outcome outcome) {
  return outcome == Outcome::Reset || outcome == Outcome::Closed || outcome == Outcome::NoMemory ||
         outcome == Outcome::Stalled || outcome == Outcome::ProtocolError ||
         outcome == Outcome::CompilerCrashed;
}

bool is_result(Outcome outcome) {
  return outcome == Outcome::Ok || outcome == Outcome::CompileError;
}

void add_sorted(std::vector<HostNumber>& numbers, HostNumber number) {
  const auto place = std::lower_bound(numbers.begin(), numbers.end(), number);
  if (place == numbers.end() || *place != number) numbers.insert(place, number);
}

}  // namespace

struct Scheduler::State {
  explicit State(std::function<bool(UnitId)> is_stopped_now) : is_stopped(std::move(is_stopped_now)) {}

  // ---- A unit's way. ----
  void submit(UnitId id, const Want& want, const distcc::HostList& list, Time now);
  void connected(Unit& unit, Time now);
  void finished(Unit& unit, const Done& done, Time now);
  /// The result is of `unit.last_host`.
  void finished_before_move(Unit& unit, const Done& done, Time now);
  void finished_stopped(Unit& unit, const Done& done, Time now);
  void failed(Host& host, Unit& unit, std::uint32_t epoch, const Done& done, Time now);
  void gone(Unit& unit, Time now);

  /// How much work it is, for all that is known now.
  void predict(Unit& unit) const;
  void enqueue(Unit& unit);
  void start(Unit& unit, Host& host, Time now);
  /// It no longer runs; the caller decides what becomes of it.
  void stop(Unit& unit, Time now);
  /// It is neither queued nor running.
  void detach(Unit& unit);
  void erase(Unit& unit);
  void compile_locally(Unit& unit);

  // ---- Decisions. ----
  void decide(Time now);
  void fire(const Event& event, Time now);
  void check_progress(Unit& unit, Time now);
  void arm(Unit& unit, Time not_before = Time::min());
  /// A host other than its own can take the unit.
  [[nodiscard]] bool has_another_host(const Unit& unit) const;
  void grant_slots(Time now);
  void send_hopeless_home();
  void move_to_faster(const MoveToFaster& move, Time now);
  void move_away_from_silence(Unit& unit, Time now);
  void announce_move(Unit& unit, MoveCause cause, std::string reason);
  /// Its launcher is stopped.
  void give_up_slot(Unit& unit, Time now);

  Unit* find(UnitId id) {
    const auto found = units.find(id);
    return found == units.end() ? nullptr : found->second.get();
  }
  Build& build(const std::string& name);
  /// A build has begun: its user may have mended what made hosts sick.
  void try_sick_hosts(const Pool& pool, const Build& build, Time now);

  const std::function<bool(UnitId)> is_stopped;
  Estimates estimates;
  EventTimers timers;
  std::unordered_map<std::string, std::unique_ptr<Build>> builds;  ///< outlives the queues
  Fleet fleet{estimates, timers};
  Diagnosis diagnosis{fleet};
  std::unordered_map<UnitId, std::unique_ptr<Unit>> units;
  std::vector<Decision> decisions;
  std::size_t queued = 0, running = 0, stopped = 0;
  std::uint64_t arrivals = 0, grants = 0, build_count = 0;
};

// ---- A unit's way. ----

Build& Scheduler::State::build(const std::string& name) {
  std::unique_ptr<Build>& build = builds[name];
  if (!build) {
    build = std::make_unique<Build>();
    build->name = name;
    build->number = ++build_count;
  }
  return *build;
}

void Scheduler::State::try_sick_hosts(const Pool& pool, const Build& build, Time now) {
  for (Host* const host : pool.hosts_in_order()) {
    // A build that has no units for a moment does not begin again.
    if (host->health.state() != HostState::Sick || host->tried_for == build.name) continue;
    host->tried_for = build.name;
    host->health.make_trial_due(now);
    fleet.changed(*host, now);
    fleet.arm(*host, now);
  }
}

void Scheduler::State::submit(UnitId id, const Want& want, const distcc::HostList& list, Time now) {
  std::unique_ptr<Unit>& place = units[id];
  if (!place) {
    place = std::make_unique<Unit>();
    place->id = id;
    place->order = ++arrivals;
  }
  Unit& unit = *place;
  if (unit.state != Unit::State::Idle) return;  // it was moved, and has been queued since
  if (unit.pool != nullptr) detach(unit);
  unit.pool = &fleet.pool(want.hosts, want.compiler, list, now);
  unit.build = &build(want.build);
  if (unit.build->units == 0) try_sick_hosts(*unit.pool, *unit.build, now);
  unit.key = std::hash<std::string>()(want.unit);
  unit.size = want.size;
  predict(unit);
  for (const std::string& text : want.failed) {
    if (const Host* const host = fleet.find(text); host != nullptr) add_sorted(unit.failed, host->number);
    if (unit.last_fault.empty()) unit.last_fault = text;
  }
  ++unit.pool->units;
  ++unit.build->units;
  enqueue(unit);
  if (unit.suspicious >= kMostSuspicious || unit.pool->hosts_for(unit.failed) == 0) compile_locally(unit);
}

void Scheduler::State::predict(Unit& unit) const {
  const Estimates::Unit known{unit.key, unit.size, unit.pool->compiler};
  unit.work = estimates.work(known);
  unit.measured = estimates.measured(known);
}

void Scheduler::State::enqueue(Unit& unit) {
  unit.state = Unit::State::Queued;
  unit.pool->queue.push(unit);
  ++queued;
}

void Scheduler::State::start(Unit& unit, Host& host, Time now) {
  if (unit.state == Unit::State::Queued) {
    unit.pool->queue.remove(unit);
    --queued;
  }
  unit.state = Unit::State::Running;
  unit.epoch = host.health.epoch();
  unit.connected = unit.late = unit.doubtful = false;
  unit.overruns = 0;
  unit.granted = now;
  host.add(unit);
  unit.end = expected_end(unit, now);
  const HostState state = host.health.state();
  if (state == HostState::New || state == HostState::Sick) host.trial = &unit;
  Fleet::track(unit);
  ++unit.build->running;
  unit.build->last_grant = ++grants;
  FairQueue::reorder(*unit.build);
  ++running;
  arm(unit);
  fleet.changed(host, now);
  decisions.emplace_back(
      GrantDecision{unit.id, host.text, unit.work > 0 ? host.speed.predict(unit.work) : 0});
}

void Scheduler::State::stop(Unit& unit, Time now) {
  Host& host = *unit.host;
  timers.cancel(unit.timer);
  Fleet::untrack(unit);
  if (unit.late) --host.late;
  unit.late = false;
  if (host.trial == &unit) host.trial = nullptr;
  host.remove(unit);
  --unit.build->running;
  FairQueue::reorder(*unit.build);
  --running;
  fleet.changed(host, now);
}

void Scheduler::State::detach(Unit& unit) {
  --unit.pool->units;
  if (--unit.build->units == 0) {
    FairQueue::forget(*unit.build);
    builds.erase(std::string(unit.build->name));
  }
  unit.pool = nullptr;
  unit.build = nullptr;
  unit.state = Unit::State::Idle;
}

void Scheduler::State::erase(Unit& unit) {
  if (unit.pool != nullptr) detach(unit);
  units.erase(UnitId{unit.id});
}

void Scheduler::State::connected(Unit& unit, Time now) {
  if (unit.state != Unit::State::Running || unit.moves > 0 || unit.connected) return;
  Host& host = *unit.host;
  unit.connected = true;
  if (unit.late) --host.late;
  unit.late = false;
  arm(unit);
  if (host.health.state() == HostState::New) host.trial = nullptr;
  host.health.connected();
  fleet.changed(host, now);
}

void Scheduler::State::finished(Unit& unit, const Done& done, Time now) {
  if (unit.moves > 0) return finished_before_move(unit, done, now);
  if (unit.state == Unit::State::Stopped) return finished_stopped(unit, done, now);
  if (unit.state != Unit::State::Running) return;
  Host& host = *unit.host;
  // A compile error comes early, and says nothing about the unit's work.
  if (done.outcome == Outcome::Ok) {
    const double all = seconds_between(unit.granted, now);
    const double overhead = std::clamp(done.connecting + done.sending + done.receiving, 0.0, all);
    estimates.learn({unit.key, unit.size, unit.pool->compiler}, all - overhead, overhead, host.speed);
  }
  const bool was_done = is_result(done.outcome);
  if (was_done) diagnosis.did_unit(host, unit.pool->compiler, unit.epoch, now);
  if (!was_done && done.outcome != Outcome::Moved) failed(host, unit, unit.epoch, done, now);
  stop(unit, now);
  if (was_done)
    erase(unit);
  else
    detach(unit);
}

void Scheduler::State::finished_stopped(Unit& unit, const Done& done, Time now) {
  Host* const host = fleet.find(unit.last_host);
  if (is_result(done.outcome)) {
    if (host != nullptr) diagnosis.did_unit(*host, unit.pool->compiler, unit.epoch, now);
    return gone(unit, now);
  }
  if (host != nullptr && done.outcome != Outcome::Moved) failed(*host, unit, unit.epoch, done, now);
  --stopped;
  detach(unit);
}

// Its result and the Move have crossed. It has been queued since, and may have been granted another host.
void Scheduler::State::finished_before_move(Unit& unit, const Done& done, Time now) {
  --unit.moves;
  if (done.outcome == Outcome::Moved) return;
  Host* const host = unit.moves == 0 ? fleet.find(unit.last_host) : nullptr;
  if (is_result(done.outcome)) {
    if (host != nullptr) diagnosis.did_unit(*host, unit.pool->compiler, unit.last_epoch, now);
    return gone(unit, now);
  }
  if (host == nullptr) return;
  // The queue must not see unit.failed change.
  const bool is_queued = unit.state == Unit::State::Queued;
  if (is_queued) unit.pool->queue.remove(unit);
  failed(*host, unit, unit.last_epoch, done, now);
  if (is_queued) unit.pool->queue.push(unit);
  unit.pool->check_hopeless = true;
}

void Scheduler::State::failed(Host& host, Unit& unit, std::uint32_t epoch, const Done& done, Time now) {
  const std::string text = done.detail.empty() ? std::string(name(done.outcome)) : done.detail;
  unit.last_fault = host.text + ": " + text;
  unit.suspicious += is_suspicious(done.outcome) ? 1 : 0;
  add_sorted(unit.failed, host.number);
  host.tried_for = unit.build->name;
  diagnosis.failed(host, unit.pool->compiler, epoch, symptom_of(done.outcome), text, now);
}

void Scheduler::State::gone(Unit& unit, Time now) {
  if (unit.state == Unit::State::Running) stop(unit, now);
  if (unit.state == Unit::State::Queued) {
    unit.pool->queue.remove(unit);
    --queued;
  }
  if (unit.state == Unit::State::Stopped) --stopped;
  erase(unit);
}

void Scheduler::State::compile_locally(Unit& unit) {
  const Pool& pool = *unit.pool;
  LocalDecision decision{unit.id, "hosts-down", pool.last_fault};
  if (pool.hosts_soon() > 0) {
    decision.reason = "hosts-failed";
    decision.detail = unit.last_fault;
  } else if (pool.refused_by_some()) {
    decision.reason = pool.some_differ() ? "compiler-differs" : "compiler-refused";
  } else if (pool.empty()) {
    decision.detail = "no host in pump mode";
  }
  decisions.emplace_back(std::move(decision));
  unit.pool->queue.remove(unit);
  --queued;
  erase(unit);
}

// ---- Decisions. ----

void Scheduler::State::decide(Time now) {
  while (const auto event = timers.take_due(now)) fire(*event, now);
  bool moved = true;
  while (std::exchange(moved, false)) {  // a move frees a slot
    grant_slots(now);
    for (const auto& pool : fleet.pools())
      while (const auto move = find_move(*pool, estimates.typical_work(), now)) {
        if (is_stopped(move->unit->id))
          give_up_slot(*move->unit, now);
        else
          move_to_faster(*move, now);
        moved = true;
      }
  }
  for (const auto& pool : fleet.pools()) {
    if (pool->again == Time::max())
      timers.cancel(pool->timer);
    else
      timers.set(pool->timer, pool->again, Event{nullptr, nullptr, pool.get()});
  }
}

void Scheduler::State::fire(const Event& event, Time now) {
  if (event.unit != nullptr) {
    EventTimers::fired(event.unit->timer);
    check_progress(*event.unit, now);
  } else if (event.host != nullptr) {
    EventTimers::fired(event.host->timer);
    if (diagnosis.is_due(*event.host, now)) decisions.emplace_back(ProbeDecision{event.host->text});
  } else {
    EventTimers::fired(event.pool->timer);  // what follows looks at all pools
  }
}

void Scheduler::State::grant_slots(Time now) {
  while (true) {
    send_hopeless_home();
    Pool::Next best;
    for (const auto& pool : fleet.pools()) {
      pool->again = Time::max();
      const auto next = pool->next(now);
      if (!next) continue;
      const auto order = [](const Build& build) { return std::pair(build.running, build.last_grant); };
      if (best.unit == nullptr || order(*next->unit->build) < order(*best.unit->build)) best = *next;
    }
    if (best.unit == nullptr) return;
    start(*best.unit, *best.host, now);
  }
}

void Scheduler::State::send_hopeless_home() {
  for (const auto& pool : fleet.pools()) {
    if (!std::exchange(pool->check_hopeless, false)) continue;
    if (pool->hosts_soon() == 0) {
      for (Unit* const unit : pool->queue.units()) compile_locally(*unit);
    } else if (pool->hosts_soon() <= pool->queue.most_failed()) {
      for (Unit* const unit : pool->queue.retries())
        if (pool->hosts_for(unit->failed) == 0) compile_locally(*unit);
    }
  }
}

// ---- Moves. ----

void Scheduler::State::arm(Unit& unit, Time not_before) {
  const Time next = unit.connected || unit.late ? std::min({unit.end, doubtful_at(unit), silent_at(unit)})
                                                : unit.granted + Duration(kLate);
  timers.set(unit.timer, std::max(next, not_before), Event{&unit, nullptr, nullptr});
}

bool Scheduler::State::has_another_host(const Unit& unit) const {
  std::vector<HostNumber> others = unit.failed;
  add_sorted(others, unit.host->number);
  return unit.pool->hosts_for(others) > 0;
}

void Scheduler::State::check_progress(Unit& unit, Time now) {
  // Most units end soon after they were expected to.
  if ((!unit.connected || unit.overruns > 0 || unit.end > now) && is_stopped(unit.id))
    return give_up_slot(unit, now);
  Host& host = *unit.host;
  if (!unit.connected && !unit.late && now >= unit.granted + kLate) {
    unit.late = true;
    ++host.late;
    fleet.changed(host, now);
  }
  predict(unit);
  const bool silent = silent_at(unit) <= now;
  // Without another host it waits: a long unit on a slow host is no fault, and its launcher gives up a stalled
  // connection (DISTCC_IO_TIMEOUT).
  if (silent && has_another_host(unit))
    return is_stopped(unit.id) ? give_up_slot(unit, now) : move_away_from_silence(unit, now);
  const bool doubtful = doubtful_at(unit) <= now;
  if (doubtful || unit.end <= now) {
    Fleet::untrack(unit);
    unit.doubtful = unit.doubtful || doubtful;
    if (unit.end <= now) unit.end = next_expected_end(unit, now);
    Fleet::track(unit);
  }
  constexpr std::chrono::seconds kLookAgain(5);
  arm(unit, silent ? now + kLookAgain : Time::min());
}

void Scheduler::State::move_away_from_silence(Unit& unit, Time now) {
  Host& host = *unit.host;
  unit.spent = seconds_between(unit.granted, now);
  const std::string text = os::format("no answer for {:.0f} seconds", unit.spent);
  diagnosis.failed(host, unit.pool->compiler, unit.epoch, Symptom::NoAnswer, text, now);
  unit.last_fault = host.text + ": " + text;
  announce_move(unit, MoveCause::NoAnswer, text);
  stop(unit, now);
  add_sorted(unit.failed, host.number);
  enqueue(unit);
  unit.pool->check_hopeless = true;
}

void Scheduler::State::announce_move(Unit& unit, MoveCause cause, std::string reason) {
  ++unit.moves;
  unit.last_host = unit.host->text;
  unit.last_epoch = unit.epoch;
  decisions.emplace_back(MoveDecision{unit.id, cause, std::move(reason)});
}

void Scheduler::State::move_to_faster(const MoveToFaster& move, Time now) {
  const bool has_answered = move.unit->host->health.proven() && !move.unit->doubtful;
  announce_move(*move.unit, MoveCause::Faster,
                has_answered ? os::format("{} is faster", move.host->text)
                             : os::format("no answer so far, and {} is idle", move.host->text));
  stop(*move.unit, now);
  ++move.unit->moves_to_faster;
  start(*move.unit, *move.host, now);
}

// It says nothing about its host, and keeps nobody from the slot. If it is connected, the host works on, and the result
// will count; otherwise its launcher asks again when it continues.
void Scheduler::State::give_up_slot(Unit& unit, Time now) {
  const bool works_on = unit.connected;
  if (!works_on) announce_move(unit, MoveCause::Stopped, "the launcher was stopped");
  unit.last_host = unit.host->text;
  stop(unit, now);
  unit.state = works_on ? Unit::State::Stopped : Unit::State::Idle;
  stopped += works_on ? 1 : 0;
}

// ---- The interface. ----

Scheduler::Scheduler(std::function<bool(UnitId)> is_stopped)
    : state_(std::make_unique<State>(std::move(is_stopped))) {}
Scheduler::~Scheduler() = default;

void Scheduler::submit(UnitId unit, const Want& want, const distcc::HostList& hosts, Time now) {
  state_->submit(unit, want, hosts, now);
}

void Scheduler::connected(UnitId unit, Time now) {
  if (Unit* const found = state_->find(unit); found != nullptr) state_->connected(*found, now);
}

void Scheduler::finished(UnitId unit, const Done& done, Time now) {
  if (Unit* const found = state_->find(unit); found != nullptr) state_->finished(*found, done, now);
}

void Scheduler::gone(UnitId unit, Time now) {
  if (Unit* const found = state_->find(unit); found != nullptr) state_->gone(*found, now);
}

void Scheduler::probed(std::string_view host, bool connected, Time now) {
  if (Host* const found = state_->fleet.find(host); found != nullptr)
    state_->diagnosis.probed(*found, connected, now);
}

void Scheduler::set_taken(std::string_view host, unsigned slots, Time now) {
  Host* const found = state_->fleet.find(host);
  if (found == nullptr || found->taken == slots) return;
  found->taken = slots;
  state_->fleet.changed(*found, now);
}

std::vector<Decision> Scheduler::decide(Time now) {
  state_->decide(now);
  return std::exchange(state_->decisions, {});
}

std::optional<Time> Scheduler::next_time() const {
  return state_->timers.next();
}

Scheduler::Status Scheduler::status(Time /*now*/) const {
  Status status;
  status.queued = state_->queued;
  status.running = state_->running;
  status.stopped = state_->stopped;
  const std::vector<const Host*> hosts = state_->fleet.hosts_in_use();
  double sum = 0, known = 0;
  for (const Host* const host : hosts) {
    if (!host->speed.known()) continue;
    sum += host->speed.log_pace();
    known += 1;
  }
  for (const Host* const host : hosts)
    status.hosts.push_back({host->text, std::string(name(host->health.state())), host->limit,
                            static_cast<unsigned>(host->units.size()), host->taken,
                            host->speed.known() ? std::exp(sum / known - host->speed.log_pace()) : 0,
                            host->done, host->faults, host->last_fault});
  return status;
}

}  // namespace pump::scheduler
