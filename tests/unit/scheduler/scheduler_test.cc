// One rule of docs/scheduler.md for each test, with a simulated clock.
#include "pump/scheduler/scheduler.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <map>
#include <set>

#include "pump/os/format.h"

namespace pump::scheduler {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class SchedulerTest : public testing::Test {
 protected:
  struct Options {
    std::string build = "build", compiler = "g++";
    std::uint64_t size = 0;
    std::string unit = {};
    std::vector<std::string> failed = {};
  };

  void ask(UnitId id, const std::string& hosts, const Options& options) {
    Want want;
    want.hosts = hosts;
    want.compiler = options.compiler;
    want.build = options.build;
    want.size = options.size;
    want.unit = options.unit.empty() ? os::format("unit {}", id) : options.unit;
    want.failed = options.failed;
    scheduler_.submit(id, want, distcc::parse_hosts(hosts).value(), now_);
    decide();
  }
  void ask(UnitId id, const std::string& hosts) { ask(id, hosts, Options()); }
  void connect(UnitId id) {
    scheduler_.connected(id, now_);
    decide();
  }
  void finish(UnitId id, Outcome outcome = Outcome::Ok, const std::string& detail = {}) {
    granted_.erase(id);
    scheduler_.finished(id, {outcome, detail, 0, 0, 0, 0}, now_);
    decide();
  }
  void leave(UnitId id) {
    granted_.erase(id);
    scheduler_.gone(id, now_);
    decide();
  }
  void probe(const std::string& host, bool connected) {
    scheduler_.probed(host, connected, now_);
    decide();
  }
  /// Time passes; what is due is decided.
  void pass(Duration time) {
    const Time end = now_ + time;
    while (true) {
      const auto next = scheduler_.next_time();
      if (!next || *next > end) break;
      now_ = std::max(now_, *next);
      decide();
    }
    now_ = end;
    decide();
  }
  void decide() {
    for (const Decision& decision : scheduler_.decide(now_)) {
      if (const auto* const grant = std::get_if<GrantDecision>(&decision)) {
        EXPECT_EQ(granted_.count(grant->unit), 0U) << "granted twice: " << grant->unit;
        granted_[grant->unit] = grant->host;
        predicted_[grant->unit] = grant->predicted;
      } else if (const auto* const local = std::get_if<LocalDecision>(&decision)) {
        local_[local->unit] = local->reason + " (" + local->detail + ")";
      } else if (const auto* const move = std::get_if<MoveDecision>(&decision)) {
        granted_.erase(move->unit);
        moved_[move->unit] = move->reason;
        if (move->cause == MoveCause::Stopped) continue;  // nobody hears it
        if (acknowledge_moves_) scheduler_.finished(move->unit, {Outcome::Moved, {}, 0, 0, 0, 0}, now_);
      } else {
        probes_.push_back({std::get<ProbeDecision>(decision).host, now_});
      }
    }
  }
  /// Makes a host of the list do a unit of `seconds`, so that all its slots are granted and its speed is known.
  void warm_up(const std::string& host, double work, const std::string& unit = "warm") {
    const UnitId id = ++warm_;
    ask(id, host, {.build = "warm", .unit = unit});
    connect(id);
    pass(from_seconds(work));
    finish(id);
  }
  [[nodiscard]] std::string granted(UnitId id) const { return granted_.count(id) > 0 ? granted_.at(id) : ""; }
  [[nodiscard]] Scheduler::HostStatus status(const std::string& host) const {
    for (const auto& status : scheduler_.status(now_).hosts)
      if (status.host == host) return status;
    return {};
  }
  [[nodiscard]] std::string state(const std::string& host) const { return status(host).state; }

  Time now_ = Time(std::chrono::hours(50));
  std::set<UnitId> stopped_;  ///< their launchers are
  Scheduler scheduler_{[this](UnitId id) { return stopped_.count(id) > 0; }};
  std::map<UnitId, std::string> granted_, local_, moved_;
  std::map<UnitId, double> predicted_;
  std::vector<std::pair<std::string, Time>> probes_;
  bool acknowledge_moves_ = true;
  UnitId warm_ = 1000000;
};

const std::string kA = "a/2,cpp,lzo", kB = "b/2,cpp,lzo", kC = "c/2,cpp,lzo";
const std::string kAB = kA + " " + kB, kABC = kAB + " " + kC;

// ---- Which hosts. ----

TEST_F(SchedulerTest, AUnitGetsAHost) {
  ask(1, kA);
  EXPECT_EQ(granted(1), kA);
}

TEST_F(SchedulerTest, OnlyRemoteHostsInPumpModeThatAreUpAreGranted) {
  ask(1, "localhost x/4 y,lzo z,cpp,lzo,down w,cpp,lzo,auth");
  EXPECT_THAT(local_[1], HasSubstr("hosts-down (no host in pump mode)"));
  ask(2, "localhost x/4 " + kA);
  EXPECT_EQ(granted(2), kA);
}

TEST_F(SchedulerTest, ANewHostGetsOneUnitUntilItConnects) {
  for (UnitId id = 1; id <= 3; ++id) ask(id, kA);
  EXPECT_EQ(granted_.size(), 1U);
  EXPECT_EQ(state(kA), "new");
  connect(1);
  EXPECT_EQ(granted_.size(), 2U);
  EXPECT_EQ(state(kA), "up");
  EXPECT_THAT(local_, IsEmpty());
}

TEST_F(SchedulerTest, AFreedSlotGoesToTheNextUnit) {
  warm_up(kA, 1);
  for (UnitId id = 1; id <= 4; ++id) ask(id, kA);
  EXPECT_EQ(granted(3), "");
  finish(1);
  EXPECT_EQ(granted(3), kA);
  EXPECT_EQ(granted(4), "");
  leave(2);  // killed
  EXPECT_EQ(granted(4), kA);
}

TEST_F(SchedulerTest, AUnitThatIsKilledInTheQueueIsForgotten) {
  warm_up(kA, 1);
  for (UnitId id = 1; id <= 4; ++id) ask(id, kA);
  leave(3);
  finish(1);
  EXPECT_EQ(granted(3), "");
  EXPECT_EQ(granted(4), kA);
  EXPECT_EQ(scheduler_.status(now_).queued, 0U);
}

TEST_F(SchedulerTest, SlotsOfOtherProcessesAreNotGranted) {
  warm_up(kA, 1);
  scheduler_.set_taken(kA, 1, now_);
  ask(1, kA);
  ask(2, kA);
  EXPECT_EQ(granted(2), "");
  scheduler_.set_taken(kA, 0, now_);
  decide();
  EXPECT_EQ(granted(2), kA);
}

TEST_F(SchedulerTest, AHostOfTwoListsIsOneHost) {
  warm_up(kA, 1);
  ask(1, kA);
  ask(2, kAB);
  ask(3, kA);
  EXPECT_EQ(granted(1), kA);
  EXPECT_EQ(granted(3), granted(2) == kA ? "" : kA);
  EXPECT_LE(status(kA).running, 2U);
}

TEST_F(SchedulerTest, AHostThatTheListNoLongerNamesGetsNothingNew) {
  warm_up(kA, 1);
  ask(1, kA);
  for (UnitId id = 2; id <= 4; ++id) ask(id, kB);
  connect(2);
  EXPECT_EQ(granted(1), kA);
  EXPECT_EQ(granted(3), kB);
  EXPECT_EQ(granted(4), "");
}

TEST_F(SchedulerTest, UnitsSpreadOverEqualHosts) {
  for (const std::string& host : {kA, kB, kC}) warm_up(host, 1);
  for (UnitId id = 1; id <= 3; ++id) ask(id, kABC);
  EXPECT_EQ((std::set<std::string>{granted(1), granted(2), granted(3)}).size(), 3U);
}

// ---- Faults. ----

TEST_F(SchedulerTest, ADeadHostCostsOneAttemptOfOneLauncher) {
  ask(1, kAB);
  ask(2, kAB);
  ask(3, kAB);
  const UnitId on_a = granted(1) == kA ? 1 : 2;
  finish(on_a, Outcome::Refused, "connection refused");
  EXPECT_EQ(state(kA), "down");
  connect(on_a == 1 ? 2 : 1);
  ask(on_a, kAB, {.failed = {kA}});
  finish(granted(3) == kB ? 3 : on_a);
  for (const auto& [id, host] : granted_) EXPECT_EQ(host, kB);
  EXPECT_THAT(local_, IsEmpty());
}

TEST_F(SchedulerTest, ADeadHostIsProbedAtGrowingIntervals) {
  const Time start = now_;
  ask(1, kA);
  finish(1, Outcome::Unreachable);
  while (now_ < start + seconds(120)) {
    const std::size_t before = probes_.size();
    while (probes_.size() == before) pass(milliseconds(10));
    probe(kA, false);
  }
  // At most a quarter of the time that the host was away passes until its return is noticed, or 15 s.
  Time last = start;
  for (const auto& [host, time] : probes_) {
    const double away = seconds_between(start, last);
    EXPECT_NEAR(seconds_between(last, time), std::clamp(away / 4, 0.25, 15.0), 0.02) << away;
    last = time;
  }
  EXPECT_THAT(probes_.size(), testing::AllOf(testing::Ge(20U), testing::Le(30U)));
}

TEST_F(SchedulerTest, AProbeThatIsUnderWayIsNotRepeated) {
  ask(1, kA);
  finish(1, Outcome::Refused);
  pass(seconds(100));
  EXPECT_EQ(probes_.size(), 1U);
  EXPECT_EQ(scheduler_.next_time(), std::nullopt);
}

TEST_F(SchedulerTest, AHostThatReturnsGetsOneUnitFirst) {
  warm_up(kB, 1);
  ask(1, kAB);
  finish(1, Outcome::Refused);
  pass(milliseconds(250));
  probe(kA, true);
  EXPECT_EQ(state(kA), "new");
  for (UnitId id = 2; id <= 6; ++id) ask(id, kAB);
  EXPECT_EQ(status(kA).running, 1U);
}

TEST_F(SchedulerTest, AFullHostGetsASingleTrialAfterFiveSecondsThenTen) {
  warm_up(kA, 1);
  warm_up(kB, 1);
  for (UnitId id = 1; id <= 9; ++id) ask(id, kAB);
  const auto fail_on_a = [this] {
    for (const auto& [id, host] : std::map(granted_)) {
      if (host != kA) continue;
      finish(id, Outcome::NoSpace, "disk full");
      leave(id);
    }
  };
  const auto running = [this] { return status(kA).running; };
  fail_on_a();
  EXPECT_EQ(state(kA), "sick");
  pass(milliseconds(4900));
  EXPECT_EQ(running(), 0U);
  pass(milliseconds(200));
  EXPECT_EQ(running(), 1U);
  fail_on_a();
  pass(milliseconds(9900));
  EXPECT_EQ(running(), 0U);
  pass(milliseconds(200));
  EXPECT_EQ(running(), 1U);
}

TEST_F(SchedulerTest, ASuccessfulTrialOpensAllSlots) {
  const std::string host = "a/12,cpp,lzo";
  warm_up(host, 1);
  warm_up(kB, 1);
  for (UnitId id = 1; id <= 30; ++id) ask(id, host + " " + kB);
  std::vector<UnitId> on_a;
  for (const auto& [id, its] : granted_)
    if (its == host) on_a.push_back(id);
  for (const UnitId id : on_a) {
    finish(id, Outcome::NoMemory);
    leave(id);
  }
  EXPECT_EQ(status(host).running, 0U);
  EXPECT_EQ(status(host).faults, 12U);
  pass(seconds(5));  // not 60, although twelve units failed
  ASSERT_EQ(status(host).running, 1U);
  for (const auto& [id, its] : std::map(granted_))
    if (its == host) finish(id);
  EXPECT_EQ(state(host), "up");
  EXPECT_EQ(status(host).running, 12U);
}

TEST_F(SchedulerTest, ATrialIsNotGivenWhileOtherHostsAreFree) {
  for (const std::string& host : {kA, kB}) warm_up(host, 1);
  ask(1, kA);
  finish(1, Outcome::NoSpace);
  pass(seconds(6));
  ask(2, kAB);
  EXPECT_EQ(granted(2), kB);
}

TEST_F(SchedulerTest, ARefusedCompilerIsAFactOfThatCompilerOnThatHost) {
  for (const std::string& host : {kA, kB}) warm_up(host, 1);
  ask(1, kA, {.compiler = "clang++"});
  finish(1, Outcome::CompilerRefused, "clang++ not allowed");
  EXPECT_EQ(state(kA), "up");
  for (UnitId id = 2; id <= 4; ++id) ask(id, kAB, {.compiler = "clang++"});
  EXPECT_EQ(status(kA).running, 0U);
  EXPECT_EQ(status(kB).running, 2U);
  for (UnitId id = 5; id <= 7; ++id) ask(id, kAB);
  EXPECT_EQ(status(kA).running, 2U);
}

// ---- A distccd that is killed or restarted. It closes connections as one that refuses the compiler does. ----

const std::string kBig = "big/12,cpp,lzo";

/// Twelve units on a host whose connections end, while others wait and a second host is busy.
class Endings : public SchedulerTest {
 protected:
  Endings() {
    for (const std::string& host : {kBig, kB}) warm_up(host, 1);
    for (UnitId id = 1; id <= 40; ++id) ask(id, kBoth_);
  }
  [[nodiscard]] std::vector<UnitId> on_big() const {
    std::vector<UnitId> units;
    for (const auto& [id, host] : granted_)
      if (host == kBig) units.push_back(id);
    return units;
  }
  void end_all(Outcome outcome) {
    for (const UnitId id : on_big()) {
      finish(id, outcome, "ended");
      ask(id, kBoth_, {.failed = {kBig}});
    }
  }
  const std::string kBoth_ = kBig + " " + kB;
};

TEST_F(Endings, TheHostIsProbedAtOnceAndGetsNothingUntilThen) {
  ASSERT_EQ(on_big().size(), 12U);
  for (const Outcome outcome : {Outcome::Reset, Outcome::Closed}) {
    probes_.clear();
    end_all(outcome);
    EXPECT_EQ(state(kBig), "suspect");
    EXPECT_THAT(probes_, ElementsAre(std::pair(kBig, now_)));
    EXPECT_EQ(status(kBig).running, 0U);
    probe(kBig, true);
    for (const UnitId id : on_big()) connect(id);
    ASSERT_GT(on_big().size(), 1U);
    for (const UnitId id : on_big()) finish(id);  // so that the next ending is a first one, too
  }
  EXPECT_THAT(local_, IsEmpty());
}

TEST_F(Endings, AHostThatThenRefusesConnectionsIsDownAndNoCompilerIsRefused) {
  end_all(Outcome::Closed);
  probe(kBig, false);
  EXPECT_EQ(state(kBig), "down");
  pass(milliseconds(300));
  probe(kBig, true);
  ASSERT_EQ(on_big().size(), 1U);
  connect(on_big().front());
  EXPECT_EQ(on_big().size(), 12U);
  // The same once more, before any unit was done.
  end_all(Outcome::Closed);
  probe(kBig, false);
  pass(milliseconds(300));
  probe(kBig, true);
  EXPECT_EQ(on_big().size(), 1U);
  EXPECT_THAT(local_, IsEmpty());
}

TEST_F(Endings, AHostThatAcceptsConnectionsAgainGetsOneUnitAndThenAllAtOnce) {
  end_all(Outcome::Reset);
  probe(kBig, true);
  ASSERT_EQ(on_big().size(), 1U);
  connect(on_big().front());
  EXPECT_EQ(on_big().size(), 12U);
  EXPECT_EQ(state(kBig), "up");
}

TEST_F(Endings, IfItEndsConnectionsAgainItIsSickWithGrowingPauses) {
  end_all(Outcome::Reset);
  probe(kBig, true);
  connect(on_big().front());
  for (const int pause : {5, 10, 20}) {
    ASSERT_GE(on_big().size(), 1U);
    end_all(Outcome::Reset);
    probe(kBig, true);
    EXPECT_EQ(state(kBig), "sick");
    pass(seconds(pause) - milliseconds(100));
    EXPECT_EQ(on_big().size(), 0U);
    pass(milliseconds(200));
    EXPECT_EQ(on_big().size(), 1U);
  }
  finish(on_big().front());
  EXPECT_EQ(state(kBig), "up");
}

TEST_F(Endings, OfACompilerTheSecondClosedConnectionAfterAProbeIsARefusal) {
  end_all(Outcome::Closed);
  probe(kBig, true);
  connect(on_big().front());
  end_all(Outcome::Closed);
  EXPECT_EQ(state(kBig), "suspect");
  probe(kBig, true);
  EXPECT_EQ(on_big().size(), 0U);
  EXPECT_EQ(state(kBig), "new") << "not sick: the compiler explains it";
  ask(100, kBig, {.compiler = "clang++"});
  EXPECT_EQ(granted(100), kBig);
  ask(101, kBig);
  EXPECT_THAT(local_[101], HasSubstr("compiler-refused"));
}

TEST_F(Endings, AUnitOfTheCompilerThatIsDoneStartsTheCountAgain) {
  end_all(Outcome::Closed);
  probe(kBig, true);
  connect(on_big().front());
  finish(on_big().front());
  end_all(Outcome::Closed);
  probe(kBig, true);
  EXPECT_EQ(on_big().size(), 1U);
}

TEST_F(Endings, UnitsThatRunOnDoNotKeepTheHostFromOthers) {
  connect(on_big().front());
  ASSERT_EQ(status(kBig).running, 12U);
  finish(on_big().front(), Outcome::Closed);
  probe(kBig, true);
  EXPECT_EQ(status(kBig).running, 12U) << "eleven, and one that shows whether it accepts units";
}

TEST_F(Endings, TheUnitThatShowedThatTheHostAcceptsUnitsDoesNotKeepItFromOthersLater) {
  end_all(Outcome::Reset);
  probe(kBig, true);
  const UnitId first = on_big().front();
  connect(first);
  std::vector<UnitId> others = on_big();
  std::erase(others, first);
  ASSERT_EQ(others.size(), 11U);
  finish(others[0]);
  finish(others[1], Outcome::Reset);
  probe(kBig, true);
  EXPECT_EQ(status(kBig).running, 12U);
}

TEST_F(SchedulerTest, UnitsWaitASecondForTheOnlyHostToRestart) {
  warm_up(kA, 1);
  for (UnitId id = 1; id <= 5; ++id) ask(id, kA);
  finish(1, Outcome::Closed, "ended");
  probe(kA, false);
  ASSERT_EQ(state(kA), "down");
  pass(milliseconds(300));
  EXPECT_THAT(local_, IsEmpty());
  probe(kA, true);
  EXPECT_EQ(granted(3), kA);
  finish(3, Outcome::Refused);
  EXPECT_EQ(granted(4), "");
  pass(milliseconds(600));  // a second since it went down
  probe(kA, false);
  EXPECT_THAT(local_, IsEmpty());
  pass(milliseconds(200));
  EXPECT_THAT(local_[4], HasSubstr("hosts-down"));
  EXPECT_THAT(local_[5], HasSubstr("hosts-down"));
  ask(6, kA);
  EXPECT_THAT(local_[6], HasSubstr("hosts-down"));
}

TEST_F(SchedulerTest, AHostOverSshIsTriedInsteadOfProbed) {
  const std::string ssh = "me@far/2,cpp,lzo";
  warm_up(kB, 1);
  ask(1, ssh);
  finish(1, Outcome::Unreachable, "ssh: no route to host");
  for (UnitId id = 2; id <= 9; ++id) ask(id, ssh + " " + kB);
  EXPECT_EQ(status(ssh).running, 0U);
  pass(seconds(6));
  EXPECT_THAT(probes_, IsEmpty());
  EXPECT_EQ(status(ssh).running, 1U);
  for (const auto& [id, host] : std::map(granted_))
    if (host == ssh) connect(id);  // which ssh's process always does
  EXPECT_EQ(status(ssh).running, 1U);
}

// ---- Faults of units and compilers. ----

TEST_F(SchedulerTest, ARefusedCompilerIsTriedAgainAfterAMinuteThenTwo) {
  warm_up(kA, 1);
  warm_up(kB, 1);
  const Options clang{.compiler = "clang++"};
  const auto refused_at = [&](UnitId id) {
    ask(id, kA, clang);
    if (granted(id) != kA) return true;
    leave(id);
    return false;
  };
  ask(1, kA, clang);
  finish(1, Outcome::CompilerRefused);
  pass(seconds(59));
  EXPECT_TRUE(refused_at(2));
  pass(seconds(2));
  EXPECT_FALSE(refused_at(3));
  ask(4, kA, clang);
  finish(4, Outcome::CompilerRefused);
  pass(seconds(119));
  EXPECT_TRUE(refused_at(5));
  pass(seconds(2));
  EXPECT_FALSE(refused_at(6));
}

TEST_F(SchedulerTest, ACompileErrorIsAFactOfTheUnitOnly) {
  warm_up(kA, 1);
  ask(1, kA);
  finish(1, Outcome::CompileError);
  EXPECT_EQ(state(kA), "up");
  EXPECT_EQ(status(kA).faults, 0U);
  EXPECT_THAT(local_, IsEmpty());
}

TEST_F(SchedulerTest, AUnitDoesNotReturnToAHostOnWhichItFailed) {
  for (const std::string& host : {kA, kB}) warm_up(host, 1);
  ask(1, kAB, {.failed = {kA}});
  EXPECT_EQ(granted(1), kB);
  ask(2, kA);
  finish(2, Outcome::CompilerCrashed);
  ask(2, kAB);  // the scheduler remembers it as well
  EXPECT_EQ(granted(2), kB);
}

TEST_F(SchedulerTest, AUnitThatFailedElsewhereIsNextInItsBuild) {
  for (const std::string& host : {kA, kB}) warm_up(host, 1);
  for (UnitId id = 1; id <= 6; ++id) ask(id, kAB);
  const UnitId on_a = granted(1) == kA ? 1 : 2;
  finish(on_a, Outcome::CompilerCrashed);
  ask(on_a, kAB, {.failed = {kA}});
  for (UnitId id = 1; id <= 4; ++id)
    if (granted(id) == kB) {
      finish(id);
      break;
    }
  EXPECT_EQ(granted(on_a), kB);
}

TEST_F(SchedulerTest, AHostThatDoesNotAcceptAConnectionForASecondGetsNoMoreUnits) {
  warm_up("a/12,cpp,lzo", 1);
  ask(1, "a/12,cpp,lzo");
  pass(milliseconds(1100));
  ask(2, "a/12,cpp,lzo");
  EXPECT_EQ(granted(2), "");
  connect(1);
  EXPECT_EQ(granted(2), "a/12,cpp,lzo");
}

// ---- Local. ----

TEST_F(SchedulerTest, WithoutAHostAUnitIsLocalAndTheReasonNamesTheFault) {
  ask(1, kA);
  finish(1, Outcome::Refused, "connection refused");
  ask(1, kA, {.failed = {kA}});
  EXPECT_EQ(local_[1], "hosts-down (" + kA + ": connection refused)");
  ask(2, kA);
  EXPECT_EQ(local_[2], "hosts-down (" + kA + ": connection refused)");
}

TEST_F(SchedulerTest, QueuedUnitsAreLocalWhenTheLastHostGoes) {
  for (UnitId id = 1; id <= 5; ++id) ask(id, kA);
  EXPECT_THAT(local_, IsEmpty());
  finish(1, Outcome::Refused);
  EXPECT_EQ(local_.size(), 4U);
  EXPECT_EQ(scheduler_.status(now_).queued, 0U);
}

TEST_F(SchedulerTest, AUnitThatFailedOnTheOnlyOtherHostIsLocal) {
  for (const std::string& host : {kA, kB}) warm_up(host, 1);
  for (UnitId id = 1; id <= 4; ++id) ask(id, kAB);
  ask(5, kAB, {.failed = {kB}});
  ask(6, kAB);
  UnitId on_a = 0;
  for (const auto& [id, host] : granted_)
    if (host == kA) on_a = id;
  finish(on_a, Outcome::Refused, "gone");
  pass(seconds(1));  // it does not restart
  EXPECT_THAT(local_[5], HasSubstr("hosts-failed"));
  EXPECT_EQ(local_.count(6), 0U);  // waits for b
}

TEST_F(SchedulerTest, WhenAllHostsRefuseTheCompilerTheReasonSaysSo) {
  ask(1, kA, {.compiler = "clang++"});
  finish(1, Outcome::CompilerRefused, "clang++ is not in the list");
  ask(1, kA, {.compiler = "clang++", .failed = {kA}});
  EXPECT_EQ(local_[1], "compiler-refused (" + kA + ": clang++ is not in the list)");
  ask(2, kA, {.compiler = "clang++"});
  EXPECT_THAT(local_[2], HasSubstr("compiler-refused"));
}

TEST_F(SchedulerTest, AHostWithAnotherVersionOfTheCompilerIsNotUsedForIt) {
  for (const std::string& host : {kA, kB}) warm_up(host, 1);
  const Options gcc12{.compiler = "g++ 12"};
  for (UnitId id = 1; id <= 4; ++id) ask(id, kAB, gcc12);
  UnitId on_a = 0;
  for (const auto& [id, host] : granted_)
    if (host == kA) on_a = id;
  finish(on_a, Outcome::CompilerDiffers, "it is g++ 11");
  for (UnitId id = 11; id <= 30; ++id) {
    ask(id, kAB, gcc12);
    if (granted(id) == kB) finish(id);
    EXPECT_NE(granted(id), kA);
  }
  ask(31, kA, gcc12);
  EXPECT_EQ(local_[31], "compiler-differs (" + kA + ": it is g++ 11)");
  ask(32, kA, {.compiler = "g++ 11"});
  EXPECT_EQ(granted(32), kA);
}

TEST_F(SchedulerTest, AUnitWaitsForAHealthyHostButNotForASickOne) {
  for (const std::string& host : {kA, kB}) warm_up(host, 1);
  for (UnitId id = 1; id <= 5; ++id) ask(id, kAB);
  UnitId on_a = 0, on_b = 0;
  for (const auto& [id, host] : granted_) (host == kA ? on_a : on_b) = id;
  finish(on_a, Outcome::NoSpace, "disk full");
  EXPECT_EQ(local_.count(5), 0U);
  finish(on_b, Outcome::NoSpace, "disk full");
  EXPECT_EQ(local_[5], "hosts-down (" + kB + ": disk full)");
}

TEST_F(SchedulerTest, ANewBuildTriesASickHostAtOnceAndWaitsForTheTrial) {
  warm_up(kA, 1);
  ask(1, kA, {.build = "one"});
  finish(1, Outcome::NoSpace, "disk full");
  ask(4, kA, {.build = "one"});
  EXPECT_THAT(local_[4], HasSubstr("hosts-down"));
  // The user has made room, and builds again.
  ask(5, kA, {.build = "two"});
  EXPECT_EQ(granted(5), kA);
  ask(6, kA, {.build = "two"});
  EXPECT_EQ(local_.count(6), 0U);
  finish(5);
  EXPECT_EQ(granted(6), kA);
  EXPECT_EQ(local_.count(5) + local_.count(6), 0U);
}

TEST_F(SchedulerTest, ABuildThatTriedASickHostInVainDoesNotTryItForEachUnit) {
  warm_up(kA, 1);
  ask(1, kA, {.build = "one"});
  finish(1, Outcome::NoSpace, "disk full");
  ask(2, kA, {.build = "two"});
  ASSERT_EQ(granted(2), kA);
  ask(3, kA, {.build = "two"});
  finish(2, Outcome::NoSpace, "disk full");
  EXPECT_THAT(local_[3], HasSubstr("hosts-down"));
  leave(2);
  ask(4, kA, {.build = "two"});
  EXPECT_THAT(local_[4], HasSubstr("hosts-down"));
}

TEST_F(SchedulerTest, AUnitThatFailsOnThreeHostsByItselfIsLocal) {
  std::string hosts;
  for (int i = 0; i < 10; ++i) {
    const std::string host = os::format("h{}/2,cpp,lzo", i);
    warm_up(host, 1);
    hosts += host + " ";
  }
  for (int i = 0; i < 3; ++i) {
    ask(1, hosts);
    ASSERT_NE(granted(1), "");
    finish(1, Outcome::Reset, "connection reset");
  }
  ask(1, hosts);
  EXPECT_THAT(local_[1], AllOf(HasSubstr("hosts-failed"), HasSubstr("connection reset")));
}

// ---- Silence. ----

class Silence : public SchedulerTest {
 protected:
  Silence() {
    for (const std::string& host : {kA, kB}) warm_up(host, 1, "known");
    ask(1, kA, {.unit = "known"});
    connect(1);
  }
};

TEST_F(Silence, AUnitOfAHostThatAnswersNothingIsMovedAfterTenSeconds) {
  leave(1);
  ask(2, kAB, {.unit = "known"});
  connect(2);
  const std::string first = granted(2);
  for (UnitId id = 10; id <= 12; ++id) ask(id, kAB);  // no host is idle
  pass(milliseconds(9900));
  EXPECT_EQ(moved_.count(2), 0U);
  pass(milliseconds(200));
  EXPECT_THAT(moved_[2], HasSubstr("no answer"));
  EXPECT_EQ(state(first), "suspect");
  probe(first, true);
  EXPECT_EQ(state(first), "sick");
  for (UnitId id = 10; id <= 12; ++id) leave(id);
  EXPECT_EQ(granted(2), first == kA ? kB : kA);
}

TEST_F(Silence, AHostThatDoesNotAcceptConnectionsEitherIsDown) {
  leave(1);
  ask(2, kAB, {.unit = "known"});
  connect(2);
  const std::string first = granted(2);
  for (UnitId id = 10; id <= 12; ++id) ask(id, kAB);  // no host is idle
  pass(milliseconds(10100));
  probe(first, false);
  EXPECT_EQ(state(first), "down");
}

TEST_F(Silence, WithoutAnotherHostTheUnitWaits) {
  pass(seconds(250));
  EXPECT_THAT(moved_, IsEmpty());
  EXPECT_THAT(local_, IsEmpty());
  EXPECT_EQ(state(kA), "up");
}

TEST_F(Silence, FourTimesThePredictionIsWaitedFor) {
  leave(1);
  for (const std::string& host : {kA, kB, kA, kB}) warm_up(host, 6, "long");
  ask(2, kAB, {.unit = "long"});
  connect(2);
  for (const UnitId other : {10U, 11U, 12U}) ask(other, kAB);  // no host is idle
  EXPECT_NEAR(predicted_[2], 6, 0.5);
  pass(seconds(22));
  EXPECT_THAT(moved_, IsEmpty());
  pass(seconds(4));
  EXPECT_EQ(moved_.count(2), 1U);
}

TEST_F(Silence, AHostThatAnswersOtherUnitsIsNotSick) {
  for (UnitId id = 2; id <= 20; ++id) {
    ask(id, kA);
    connect(id);
    pass(seconds(2));
    finish(id);
  }
  EXPECT_THAT(moved_, IsEmpty());
  EXPECT_EQ(state(kA), "up");
}

TEST_F(Silence, AUnitThatWasMovedIsTrustedForTwiceAsLong) {
  leave(1);
  warm_up(kC, 1, "known");
  for (const UnitId other : {20U, 21U, 22U}) ask(other, kC);
  for (const UnitId other : {10U, 11U, 12U}) ask(other, kAB);
  ask(2, kABC, {.unit = "known"});
  connect(2);
  const std::string first = granted(2);
  for (const UnitId other : {10U, 11U, 12U})
    if (granted(other) != first) leave(other);
  pass(milliseconds(10100));
  ASSERT_NE(granted(2), first);
  connect(2);
  moved_.clear();
  pass(seconds(19));
  EXPECT_EQ(moved_.count(2), 0U);
  pass(seconds(3));
  EXPECT_EQ(moved_.count(2), 1U);
}

TEST_F(SchedulerTest, WhileNothingIsKnownASlowUnitIsNotTakenForADeadHost) {
  ask(1, kAB);
  connect(1);
  pass(seconds(59));
  EXPECT_THAT(moved_, IsEmpty());
  pass(seconds(2));
  EXPECT_EQ(moved_.count(1), 1U);
}

TEST_F(SchedulerTest, TheLastLongUnitOfAFirstBuildIsNotMoved) {
  for (const std::string& host : {kA, kB}) warm_up(host, 1);
  // Its length is only guessed, and its host has done units.
  ask(1, kAB);
  connect(1);
  pass(seconds(25));
  EXPECT_EQ(state(granted(1)), "up");
}

// ---- Fairness. ----

TEST_F(SchedulerTest, BuildsShareTheSlotsWhateverTheirQueues) {
  const std::string host = "a/10,cpp,lzo";
  warm_up(host, 1);
  UnitId next = 1;
  std::map<UnitId, std::string> build_of;
  const auto submit = [&](const std::string& build, int count) {
    for (int i = 0; i < count; ++i, ++next) {
      ask(next, host, {.build = build});
      build_of[next] = build;
    }
  };
  submit("big", 200);
  submit("small", 20);
  for (int i = 0; i < 10; ++i) finish(granted_.begin()->first);
  int big = 0;
  for (const auto& [id, its] : granted_) big += build_of[id] == "big" ? 1 : 0;
  EXPECT_EQ(granted_.size(), 10U);
  EXPECT_EQ(big, 5);
}

TEST_F(SchedulerTest, ASingleUnitOfAnotherBuildIsNext) {
  warm_up(kA, 1);
  for (UnitId id = 1; id <= 500; ++id) ask(id, kA);
  ask(501, kA, {.build = "interactive"});
  finish(1);
  EXPECT_EQ(granted(501), kA);
}

TEST_F(SchedulerTest, BuildsWithDifferentListsShareAHost) {
  const std::string host = "a/10,cpp,lzo";
  warm_up(host, 1);
  for (UnitId id = 1; id <= 50; ++id) ask(id, host);
  for (UnitId id = 101; id <= 150; ++id) ask(id, host + " x/4", {.build = "other"});
  for (int i = 0; i < 10; ++i) finish(granted_.begin()->first);
  const auto others =
      std::count_if(granted_.begin(), granted_.end(), [](const auto& it) { return it.first > 100; });
  EXPECT_EQ(others, 5);
}

// ---- Speeds. ----

const std::string kFast = "fast/2,cpp,lzo", kSlow = "slow/2,cpp,lzo", kBoth = kSlow + " " + kFast;

/// A host that takes one second for a unit, and one that takes eight.
class Speeds : public SchedulerTest {
 protected:
  Speeds() {
    for (int i = 0; i < 20; ++i) {
      warm_up(kFast, 1, "known");
      warm_up(kSlow, 8, "known");
    }
    pass(seconds(100));
  }
  void ask_known(UnitId first, UnitId last) {
    for (UnitId id = first; id <= last; ++id) ask(id, kBoth, {.unit = "known"});
  }
};

TEST_F(Speeds, AFreeFastHostIsUsedFirst) {
  EXPECT_GT(status(kFast).speed / status(kSlow).speed, 5);
  ask_known(1, 2);
  EXPECT_EQ(granted(1), kFast);
  EXPECT_EQ(granted(2), kFast);
}

TEST_F(Speeds, TheGrantPredictsTheTime) {
  ask_known(1, 1);
  EXPECT_NEAR(predicted_[1], 1, 0.4);
}

TEST_F(Speeds, AUnitWaitsForTheFastHostAtFirst) {
  ask_known(1, 3);
  EXPECT_EQ(granted(3), "");
  pass(milliseconds(500));
  finish(1);
  EXPECT_EQ(granted(3), kFast);
}

TEST_F(Speeds, ASlowHostIsUsedWhenTheFastOneHasBeenBusyForAQuarterOfItsTime) {
  ask_known(1, 4);
  // The fast host stays busy: whenever a unit ends there, the next one is waiting.
  for (UnitId id = 1; id <= 2; ++id) connect(id);
  pass(milliseconds(1000));
  EXPECT_EQ(granted(3), "");
  EXPECT_EQ(granted(4), "");
  pass(milliseconds(2000));
  EXPECT_EQ(granted(3), kSlow);
  EXPECT_EQ(granted(4), kSlow);
}

TEST_F(Speeds, AShortUnitPassesALongOneThatWaitsForTheFastHost) {
  warm_up(kFast, 60, "long");
  warm_up(kFast, 0.1, "short");
  pass(seconds(100));
  ask_known(1, 2);
  ask(3, kBoth, {.unit = "long"});
  ask(4, kBoth, {.unit = "short"});
  pass(milliseconds(600));
  EXPECT_EQ(granted(3), "");
  EXPECT_EQ(granted(4), kSlow);
  finish(1);
  EXPECT_EQ(granted(3), kFast);
}

/// Two units on the fast host, one on the slow one.
class Moves : public Speeds {
 protected:
  Moves() {
    ask_known(1, 3);
    for (UnitId id = 1; id <= 2; ++id) connect(id);
    pass(milliseconds(3000));
    connect(3);
    EXPECT_EQ(granted(3), kSlow);
  }
};

TEST_F(Moves, AUnitOnASlowHostMovesToAnIdleFastOne) {
  finish(1);
  EXPECT_EQ(granted(3), kSlow);  // not at once: another unit may come
  pass(milliseconds(1100));
  EXPECT_THAT(moved_[3], HasSubstr("faster"));
  EXPECT_EQ(granted(3), kFast);
  EXPECT_EQ(status(kSlow).running, 0U);
}

TEST_F(Moves, ItStaysIfItEndsSoon) {
  pass(milliseconds(6500));
  finish(1);
  finish(2);
  pass(milliseconds(500));
  EXPECT_THAT(moved_, IsEmpty());
}

TEST_F(Moves, ItStaysWhileUnitsWait) {
  ask_known(4, 9);
  connect(4);
  finish(1);
  pass(milliseconds(500));
  EXPECT_THAT(moved_, IsEmpty());
}

TEST_F(Moves, ItDoesNotMoveBack) {
  finish(1);
  finish(2);
  pass(milliseconds(1100));
  ASSERT_EQ(granted(3), kFast);
  connect(3);
  moved_.clear();
  pass(seconds(9));
  EXPECT_NE(granted(3), kSlow);
  EXPECT_THAT(moved_, Not(Contains(testing::Key(3))));
}

TEST_F(Moves, AMovedUnitThatAsksAgainKeepsItsHost) {
  finish(1);
  pass(milliseconds(1100));
  ASSERT_EQ(granted(3), kFast);
  ask_known(3, 3);  // would fail if it was granted twice
  finish(3);
  EXPECT_EQ(status(kFast).running, 1U);
}

TEST_F(Moves, AResultThatCrossesTheMoveEndsTheUnit) {
  acknowledge_moves_ = false;
  finish(1);
  pass(milliseconds(1100));
  ASSERT_EQ(granted(3), kFast);
  finish(3, Outcome::Ok);
  EXPECT_EQ(status(kFast).running, 1U);  // unit 2
  EXPECT_EQ(scheduler_.status(now_).queued, 0U);
}

TEST_F(Moves, AFaultThatCrossesTheMoveIsTheOldHosts) {
  acknowledge_moves_ = false;
  finish(1);
  pass(milliseconds(1100));
  ASSERT_EQ(granted(3), kFast);
  scheduler_.finished(3, {Outcome::NoSpace, "disk full", 0, 0, 0, 0}, now_);
  decide();
  EXPECT_EQ(state(kSlow), "sick");
  EXPECT_EQ(state(kFast), "up");
  ask_known(3, 3);
  finish(3);
  EXPECT_EQ(status(kFast).running, 1U);
}

// ---- Launchers that are stopped, as by Ctrl-Z. ----

/// Two units on a, whose launchers are then stopped.
class Stopped : public SchedulerTest {
 protected:
  Stopped() {
    for (const std::string& host : {kA, kB}) warm_up(host, 1, "known");
    for (const UnitId id : {1U, 2U}) ask(id, kA, {.unit = "known"});
    connect(1);
    stopped_ = {1, 2};
  }
  void ask_others() {
    for (UnitId id = 11; id <= 14; ++id) ask(id, kA, {.build = "other", .unit = "known"});
  }
};

TEST_F(Stopped, TheyAreNoFaultOfTheHostAndKeepNobodyFromItsSlots) {
  ask_others();
  EXPECT_EQ(status(kA).running, 2U);
  pass(seconds(60));
  EXPECT_EQ(state(kA), "up");
  EXPECT_EQ(status(kA).faults, 0U);
  EXPECT_EQ(granted(11), kA);
  EXPECT_EQ(granted(12), kA);
  EXPECT_EQ(scheduler_.status(now_).stopped, 1U);
}

TEST_F(Stopped, AUnitThatIsConnectedKeepsItsHostAndItsResultCounts) {
  pass(seconds(60));
  EXPECT_EQ(moved_.count(1), 0U);
  stopped_.clear();
  const auto units = status(kA).units;
  finish(1);
  EXPECT_EQ(status(kA).units, units + 1);
  EXPECT_EQ(scheduler_.status(now_).stopped, 0U);
  ask(20, kA, {.unit = "known"});
  EXPECT_NEAR(predicted_[20], 1, 0.2) << "a minute was taken for the unit's length";
}

TEST_F(Stopped, AFaultOfTheHostStillCounts) {
  pass(seconds(60));
  stopped_.clear();
  finish(1, Outcome::NoSpace, "disk full");
  EXPECT_EQ(state(kA), "sick");
  ask(1, kAB, {.unit = "known", .failed = {kA}});
  EXPECT_EQ(granted(1), kB);
}

TEST_F(Stopped, AUnitThatIsNotConnectedYetAsksAgainWhenItContinues) {
  pass(milliseconds(1100));
  EXPECT_THAT(moved_[2], HasSubstr("stopped"));
  EXPECT_EQ(granted(2), "");
  pass(seconds(60));
  EXPECT_EQ(granted(2), "");
  stopped_.clear();
  ask(2, kA, {.unit = "known"});
  EXPECT_EQ(granted(2), kA);
}

TEST_F(Stopped, TheyCanBeKilled) {
  pass(seconds(60));
  leave(1);
  leave(2);
  const auto status = scheduler_.status(now_);
  EXPECT_EQ(status.stopped + status.running + status.queued, 0U);
}

TEST_F(SchedulerTest, WhatAStoppedLauncherAskedForIsForgotten) {
  for (UnitId id = 1; id <= 100; ++id) {
    const std::string host = os::format("h{}/2,cpp,lzo", id);
    ask(id, host);
    stopped_ = {id};
    pass(milliseconds(1100));
    ASSERT_EQ(granted(id), "");
    stopped_.clear();
    ask(id, host);
    ASSERT_EQ(granted(id), host);
    connect(id);
    scheduler_.finished(id, {Outcome::Moved, {}, 0, 0, 0, 0}, now_);
    finish(id);
  }
  EXPECT_LE(scheduler_.status(now_).hosts.size(), 20U);
}

TEST_F(Moves, AUnitWhoseLauncherIsStoppedStays) {
  stopped_ = {3};
  finish(1);
  finish(2);
  pass(seconds(60));
  EXPECT_THAT(moved_, IsEmpty());
  EXPECT_EQ(scheduler_.status(now_).stopped, 1U);
}

TEST_F(SchedulerTest, NothingIsDueWhenNothingHappens) {
  EXPECT_EQ(scheduler_.next_time(), std::nullopt);
  warm_up(kA, 1);
  EXPECT_EQ(scheduler_.next_time(), std::nullopt);
}

TEST_F(SchedulerTest, UnknownUnitsAndHostsAreIgnored) {
  scheduler_.connected(7, now_);
  scheduler_.finished(7, {}, now_);
  scheduler_.gone(7, now_);
  scheduler_.probed("nobody", true, now_);
  scheduler_.set_taken("nobody", 3, now_);
  decide();
  EXPECT_THAT(scheduler_.status(now_).hosts, IsEmpty());
}

TEST_F(SchedulerTest, ManyHostListsAreForgottenAgain) {
  for (UnitId id = 1; id <= 20000; ++id) {
    ask(id, os::format("h{}/2,cpp,lzo", id));
    connect(id);
    finish(id);
  }
  EXPECT_LE(scheduler_.status(now_).hosts.size(), 20U);
}

}  // namespace
}  // namespace pump::scheduler
