// Random calls in random order: whatever launchers and hosts do, no slot is granted twice or lost.
#include <gmock/gmock.h>

#include <map>
#include <random>
#include <set>

#include "pump/os/format.h"
#include "pump/scheduler/scheduler.h"

namespace pump::scheduler {
namespace {

class RandomCalls {
 public:
  explicit RandomCalls(unsigned seed) : random_(seed) {
    for (int i = 0; i < 12; ++i)
      hosts_.push_back(os::format("h{}/{},cpp,lzo{}", i, 1 + random_() % 4, i == 11 ? ",down" : ""));
    for (int i = 0; i < 4; ++i) {
      std::string text;
      for (const std::string& host : hosts_)
        if (i == 0 || random_() % 2 == 0) text += host + " ";
      lists_.push_back(distcc::parse_hosts(text).value());
    }
  }

  void step() {
    switch (random_() % 13) {
      case 0:
      case 1:
      case 2:
        submit(++last_unit_);
        break;
      case 3:
      case 4:
        if (Known* const known = any()) scheduler_.connected(known->id, now_);
        break;
      case 5:
      case 6:
      case 7:
      case 8:
        if (Known* const known = any()) finish(*known);
        break;
      case 9:
        if (Known* const known = any(); known != nullptr && random_() % 4 == 0) leave(known->id);
        break;
      case 10:
        scheduler_.probed(hosts_[random_() % hosts_.size()], random_() % 2 == 0, now_);
        break;
      case 12:
        if (Known* const known = any(); known != nullptr && random_() % 4 == 0)
          known->stopped = !known->stopped;
        break;
      case 11:
        scheduler_.set_taken(hosts_[random_() % hosts_.size()], static_cast<unsigned>(random_() % 3), now_);
        break;
      default:
        break;
    }
    now_ += std::chrono::milliseconds(random_() % 5 == 0 ? random_() % 20000 : random_() % 200);
    decide();
    check();
  }

  /// All units end; nothing may be left.
  void end() {
    for (const std::string& host : hosts_) scheduler_.set_taken(host, 0, now_);
    for (int i = 0; i < 100000 && !units_.empty(); ++i) {
      Known& known = *any();
      if (known.host.empty()) {
        leave(known.id);
      } else {
        known.moves = 0;
        scheduler_.finished(known.id, {Outcome::Moved, {}, 0, 0, 0, 0}, now_);
        leave(known.id);
      }
      decide();
    }
    const auto status = scheduler_.status(now_);
    EXPECT_EQ(status.queued, 0U);
    EXPECT_EQ(status.running, 0U);
    for (const auto& host : status.hosts) EXPECT_EQ(host.running, 0U) << host.host;
  }

 private:
  struct Known {
    UnitId id = 0;
    Want want;
    const distcc::HostList* list = nullptr;
    std::string host;  ///< granted
    unsigned moves = 0;
    bool idle = false;
    bool stopped = false;  ///< its launcher
    std::set<std::string> failed;
  };

  Known* any() {
    if (units_.empty()) return nullptr;
    auto place = units_.lower_bound(random_() % (last_unit_ + 1));
    return place == units_.end() ? &units_.begin()->second : &place->second;
  }

  void submit(UnitId id) {
    Known& known = units_[id];
    known.id = id;
    known.list = &lists_[random_() % lists_.size()];
    known.want.hosts = known.list->text;
    known.want.compiler = random_() % 3 == 0 ? "gcc" : "g++";
    known.want.unit = std::to_string(random_() % 50);
    known.want.size = random_() % 3 == 0 ? 0 : random_() % 1000000;
    known.want.build = std::to_string(random_() % 3);
    scheduler_.submit(id, known.want, *known.list, now_);
  }

  void finish(Known& known) {
    constexpr int kLast = static_cast<int>(Outcome::Moved);
    auto outcome = random_() % 2 == 0 ? Outcome::Ok : static_cast<Outcome>(random_() % kLast);
    if (known.moves > 0) {
      --known.moves;
      if (random_() % 2 == 0) outcome = Outcome::Moved;
    } else if (known.host.empty()) {
      return;
    } else {
      known.idle = outcome != Outcome::Ok && outcome != Outcome::CompileError;
      if (known.idle) known.failed.insert(known.host);
      known.host.clear();
    }
    const UnitId id = known.id;
    scheduler_.finished(id, {outcome, "fault", 0, 0, 0, static_cast<double>(random_() % 3)}, now_);
    if (outcome == Outcome::Ok || outcome == Outcome::CompileError) {
      units_.erase(id);
    } else if (known.idle || random_() % 2 == 0) {  // also of a unit that waits or runs: it changes nothing
      known.idle = false;
      known.want.failed.assign(known.failed.begin(), known.failed.end());
      scheduler_.submit(id, known.want, *known.list, now_);
    }
  }

  void leave(UnitId id) {
    scheduler_.gone(id, now_);
    units_.erase(id);
  }

  void decide() {
    for (const Decision& decision : scheduler_.decide(now_))
      std::visit([this](const auto& it) { note(it); }, decision);
  }
  void note(const GrantDecision& grant) {
    Known& known = units_.at(grant.unit);
    EXPECT_EQ(known.host, "");
    EXPECT_FALSE(known.idle);
    EXPECT_EQ(known.failed.count(grant.host), 0U) << "back to a host that failed";
    known.host = grant.host;
    bool listed = false;
    for (const distcc::Host& host : known.list->hosts)
      listed = listed || (host.text == grant.host && !host.down);
    EXPECT_TRUE(listed);
  }
  void note(const LocalDecision& local) { EXPECT_EQ(units_.erase(local.unit), 1U); }
  void note(const MoveDecision& move) {
    Known& known = units_.at(move.unit);
    EXPECT_NE(known.host, "");
    known.host.clear();
    ++known.moves;
    known.idle = move.cause == MoveCause::Stopped;
    EXPECT_EQ(known.idle, known.stopped);
  }
  void note(const ProbeDecision& probe) { EXPECT_NE(probe.host, ""); }

  void check() {
    std::map<std::string, unsigned> running;
    std::size_t queued = 0, on_hosts = 0;
    for (const auto& [id, known] : units_) {
      if (!known.host.empty()) ++running[known.host];
      on_hosts += known.host.empty() ? 0 : 1;
      if (known.host.empty() && !known.idle) ++queued;
    }
    const auto status = scheduler_.status(now_);
    EXPECT_EQ(status.queued, queued);
    for (const auto& host : status.hosts) {
      EXPECT_LE(host.running, host.slots) << host.host;
      EXPECT_LE(host.running, running[host.host]) << host.host;
      on_hosts -= host.running;
    }
    // Those that have been found to be stopped take no slot.
    EXPECT_EQ(status.stopped, on_hosts);
    const auto next = scheduler_.next_time();
    EXPECT_TRUE(!next || *next > now_) << "what is due was not done";
  }

  std::mt19937_64 random_;
  std::vector<std::string> hosts_;
  std::vector<distcc::HostList> lists_;
  Scheduler scheduler_{[this](UnitId id) { return units_.at(id).stopped; }};
  Time now_ = Time(std::chrono::hours(5));
  UnitId last_unit_ = 0;
  std::map<UnitId, Known> units_;
};

TEST(RandomCalls, NoSlotIsGrantedTwiceOrLost) {
  for (unsigned seed = 1; seed <= 40; ++seed) {
    RandomCalls calls(seed);
    for (int i = 0; i < 1000 && !testing::Test::HasFailure(); ++i) calls.step();
    calls.end();
    ASSERT_FALSE(testing::Test::HasFailure()) << "seed " << seed;
  }
}

}  // namespace
}  // namespace pump::scheduler
