#include "tests/unit/scheduler/simulation.h"

#include <time.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <random>
#include <stdexcept>

#include "pump/os/format.h"

namespace pump::scheduler {
namespace {

constexpr double kIoTimeout = 300;
constexpr double kFullAfter = 0.1;
constexpr double kLongWait = 1;  // second

Time time_of(double seconds) {
  // Rounded: the time of a timer comes back as it was.
  return Time(std::chrono::hours(1000)) + std::chrono::nanoseconds(std::llround(seconds * 1e9));
}
double processor_seconds() {
  timespec time{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}
double seconds_of(Time time) {
  return seconds_between(time_of(0), time);
}

}  // namespace

Simulation::Simulation(const std::vector<SimulatedHost>& hosts, SimulationOptions options)
    : options_(options), hosts_(hosts) {
  for (std::size_t i = 0; i < hosts.size(); ++i) {
    const std::string text = os::format("host{}/{},cpp,lzo", i, hosts[i].slots);
    hosts_text += (i == 0 ? "" : " ") + text;
    host_numbers_.emplace(text, i);
  }
  list_ = distcc::parse_hosts(hosts_text).value();
}

template <typename Call>
void Simulation::timed(const Call& call) {
  // Processor time: others may use the machine as well. Asking for it is slow, so only some calls are measured.
  constexpr std::uint64_t kEvery = 11;
  if (++calls_ % kEvery != 0) return call();
  const double before = processor_seconds();
  call();
  result_.scheduler_seconds += static_cast<double>(kEvery) * (processor_seconds() - before);
}

void Simulation::at(double time, Step step, std::uint64_t subject, std::uint32_t launcher_step) {
  events_.push({time, ++order_, step, subject, launcher_step});
}

const Trouble* Simulation::trouble(std::size_t host, double time) const {
  for (const Trouble& trouble : hosts_[host].troubles)
    if (trouble.from <= time && time < trouble.until) return &trouble;
  return nullptr;
}

Simulation::Result Simulation::run(const std::vector<SimulatedBuild>& builds) {
  result_ = {};
  result_.build_seconds.resize(builds.size());
  result_.contended.resize(builds.size());
  builds_.clear();
  unfinished_ = 0;
  const double begin = accounted_until_ = now_;
  for (const SimulatedBuild& build : builds) {
    builds_.push_back({&build, os::format("build {}", ++builds_so_far_), 0, 0, 0, 0, 0, now_ + build.start});
    unfinished_ += build.units.size();
    for (unsigned i = 0; i < build.jobs; ++i) at(now_ + build.start, Step::NextUnit, builds_.size() - 1);
  }
  while (unfinished_ > 0) {
    const auto timer = scheduler_.next_time();
    const double next = events_.empty() ? 1e12 : events_.top().time;
    if (timer && seconds_of(*timer) < next) {
      now_ = std::max(now_, seconds_of(*timer));
      account();
    } else {
      if (events_.empty()) throw std::logic_error("nothing happens any more");
      const Event event = events_.top();
      events_.pop();
      now_ = event.time;
      account();
      happen(event);
    }
    decide();
  }
  result_.seconds = now_ - begin;
  return std::move(result_);
}

// Seconds of slots, while all builds have units waiting.
void Simulation::account() {
  const bool contended =
      std::all_of(builds_.begin(), builds_.end(), [](const Running& b) { return b.waiting > 0; });
  if (contended)
    for (std::size_t i = 0; i < builds_.size(); ++i)
      result_.contended[i] += static_cast<double>(builds_[i].slots) * (now_ - accounted_until_);
  accounted_until_ = now_;
}

void Simulation::happen(const Event& event) {
  if (event.step == Step::NextUnit) return start_next(event.subject);
  if (event.step == Step::Probed) {
    const Trouble* const now = trouble(event.subject, now_);
    const bool connects =
        now == nullptr || now->kind == Trouble::Kind::Silent || now->kind == Trouble::Kind::Full;
    timed([&] { scheduler_.probed(list_.hosts[event.subject].text, connects, time_of(now_)); });
    return;
  }
  const auto found = launchers_.find(event.subject);
  if (found == launchers_.end() || found->second.step != event.launcher_step) return;
  Launcher& launcher = found->second;
  switch (event.step) {
    case Step::Ask:
      return ask(event.subject, launcher);
    case Step::Connected:
      return connect(event.subject, launcher);
    case Step::End:
      return end(event.subject, launcher, Outcome::Ok);
    case Step::ConnectTimeout:
      return end(event.subject, launcher, Outcome::Unreachable);
    case Step::Closed:
      return end(event.subject, launcher, Outcome::Closed);
    case Step::Full:
      return end(event.subject, launcher, Outcome::NoSpace);
    case Step::IoTimeout:
      return end(event.subject, launcher, Outcome::Stalled);
    case Step::Local:
      return unit_done(event.subject, launcher);
    case Step::NextUnit:
    case Step::Probed:
      return;
  }
}

void Simulation::start_next(std::size_t build) {
  Running& running = builds_[build];
  if (running.next == running.build->units.size()) return;
  const std::uint64_t id = ++last_launcher_;
  Launcher& launcher = launchers_[id];
  launcher.unit = &running.build->units[running.next++];
  launcher.build = build;
  ask(id, launcher);
}

void Simulation::ask(std::uint64_t id, Launcher& launcher) {
  Running& build = builds_[launcher.build];
  ++launcher.step;
  launcher.asked = now_;
  launcher.grants_before = grants_;
  launcher.ahead = build.waiting++;
  want_.hosts = hosts_text;
  want_.compiler = "g++";
  want_.unit = std::to_string(launcher.unit->key);
  want_.size = launcher.unit->size;
  want_.build = build.name;
  want_.failed = launcher.failed;
  timed([&] { scheduler_.submit(id, want_, list_, time_of(now_)); });
}

void Simulation::connect(std::uint64_t id, Launcher& launcher) {
  const SimulatedHost& host = hosts_[launcher.host];
  const Trouble* const now = trouble(launcher.host, now_);
  if (now != nullptr && now->kind == Trouble::Kind::Dead) return end(id, launcher, Outcome::Refused);
  if (now != nullptr && now->kind == Trouble::Kind::Vanished)
    return at(launcher.granted + options_.connect_timeout, Step::ConnectTimeout, id, launcher.step);
  timed([&] { scheduler_.connected(id, time_of(now_)); });
  if (now != nullptr && now->kind == Trouble::Kind::Full)
    return at(now_ + kFullAfter, Step::Full, id, launcher.step);
  if (now != nullptr) return at(now_ + kIoTimeout, Step::IoTimeout, id, launcher.step);
  const double end = now_ + launcher.unit->work * host.pace;
  for (const Trouble& later : host.troubles) {
    if (later.from <= now_ || later.from >= end) continue;
    if (later.kind == Trouble::Kind::Dead) return at(later.from, Step::Closed, id, launcher.step);
    if (later.kind == Trouble::Kind::Full) return at(end, Step::Full, id, launcher.step);
    return at(now_ + kIoTimeout, Step::IoTimeout, id, launcher.step);
  }
  at(end, Step::End, id, launcher.step);
}

void Simulation::leave_host(Launcher& launcher) {
  launcher.running = false;
  --builds_[launcher.build].slots;
}

void Simulation::end(std::uint64_t id, Launcher& launcher, Outcome outcome) {
  leave_host(launcher);
  Done done;
  done.outcome = outcome;
  timed([&] { scheduler_.finished(id, done, time_of(now_)); });
  if (outcome == Outcome::Ok) return unit_done(id, launcher);
  ++result_.faults;
  result_.lost_work += now_ - launcher.granted;
  launcher.failed.push_back(list_.hosts[launcher.host].text);
  ask(id, launcher);
}

void Simulation::unit_done(std::uint64_t id, Launcher& launcher) {
  const std::size_t build = launcher.build;
  launchers_.erase(id);
  timed([&] { scheduler_.gone(id, time_of(now_)); });
  --unfinished_;
  Running& running = builds_[build];
  if (++running.done == running.build->units.size()) result_.build_seconds[build] = now_ - running.begin;
  at(now_ + options_.between_units, Step::NextUnit, build);
}

void Simulation::decide() {
  std::vector<Decision> decisions;
  timed([&] { decisions = scheduler_.decide(time_of(now_)); });
  for (const Decision& decision : decisions) std::visit([this](const auto& it) { carry_out(it); }, decision);
}

void Simulation::carry_out(const GrantDecision& decision) {
  Launcher& launcher = launchers_.at(decision.unit);
  if (launcher.running) throw std::logic_error("a grant to a unit that runs");
  Running& build = builds_[launcher.build];
  launcher.host = host_numbers_.at(decision.host);
  launcher.running = true;
  launcher.granted = now_;
  ++launcher.step;
  --build.waiting;
  ++build.slots;
  ++grants_;
  ++result_.grants;
  result_.most_wait = std::max(result_.most_wait, now_ - launcher.asked);
  const auto granted = static_cast<double>(grants_ - launcher.grants_before);
  const double fair = static_cast<double>((launcher.ahead + 1) * builds_.size());
  // A long unit may wait for a fast host, by choice.
  const double patience = kLongWait + launcher.unit->work * hosts_[launcher.host].pace / 2;
  if (now_ - launcher.asked > patience)
    result_.most_overtaken = std::max(result_.most_overtaken, granted / fair);
  at(now_ + options_.round_trip, Step::Connected, decision.unit, launcher.step);
}

void Simulation::carry_out(const LocalDecision& decision) {
  Launcher& launcher = launchers_.at(decision.unit);
  ++launcher.step;
  --builds_[launcher.build].waiting;
  ++result_.local;
  if (result_.reasons.size() < 10) result_.reasons.push_back(decision.reason + ": " + decision.detail);
  at(now_ + launcher.unit->work, Step::Local, decision.unit, launcher.step);
}

void Simulation::carry_out(const MoveDecision& decision) {
  Launcher& launcher = launchers_.at(decision.unit);
  result_.lost_work += now_ - launcher.granted;
  leave_host(launcher);
  ++launcher.step;
  Running& build = builds_[launcher.build];
  launcher.ahead = build.waiting++;
  launcher.asked = now_;
  launcher.grants_before = grants_;
  ++result_.moves;
  Done done;
  done.outcome = Outcome::Moved;
  timed([&] { scheduler_.finished(decision.unit, done, time_of(now_)); });
}

void Simulation::carry_out(const ProbeDecision& decision) {
  ++result_.probes;
  const std::size_t host = host_numbers_.at(decision.host);
  const Trouble* const now = trouble(host, now_);
  const bool vanished = now != nullptr && now->kind == Trouble::Kind::Vanished;
  at(now_ + (vanished ? options_.connect_timeout : options_.round_trip), Step::Probed, host);
}

void Simulation::delay_troubles(double seconds) {
  for (SimulatedHost& host : hosts_)
    for (Trouble& trouble : host.troubles) {
      trouble.from += seconds;
      trouble.until += seconds;
    }
}

double Simulation::capacity(double from, double until) const {
  double work = 0;
  for (const SimulatedHost& host : hosts_) {
    double seconds = until - from;
    for (const Trouble& trouble : host.troubles)
      seconds -= std::max(0.0, std::min(until, trouble.until) - std::max(from, trouble.from));
    work += seconds * host.slots / host.pace;
  }
  return work;
}

double Simulation::ideal(double from, double work) const {
  double low = 0, high = 1e7;
  for (int i = 0; i < 100; ++i) {
    const double middle = (low + high) / 2;
    (capacity(from, from + middle) < work ? low : high) = middle;
  }
  return high;
}

std::vector<SimulatedUnit> equal_units(std::size_t count, double work, double jitter,
                                       std::uint64_t first_key) {
  std::mt19937_64 random(first_key);
  std::uniform_real_distribution<double> share(1 - jitter, 1 + jitter);
  std::vector<SimulatedUnit> units(count);
  for (std::size_t i = 0; i < count; ++i) {
    units[i].work = work * share(random);
    units[i].size = static_cast<std::uint64_t>(units[i].work * share(random) * 1e5);
    units[i].key = first_key + i;
  }
  return units;
}

}  // namespace pump::scheduler
