#include "pump/scheduler/policy/health.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <vector>

namespace pump::scheduler {
namespace {

using std::chrono::seconds;
using testing::ElementsAre;

class HealthTest : public testing::Test {
 protected:
  /// Seconds until it is due, after it has failed once more.
  long pause(Fault fault) {
    health_.failed(fault, health_.epoch(), now_);
    const auto pause = health_.due() - now_;
    now_ = health_.due();
    return std::chrono::duration_cast<seconds>(pause).count();
  }
  Health health_;
  Time now_{};
};

TEST_F(HealthTest, AConnectionMakesANewHostUp) {
  EXPECT_EQ(health_.state(), HostState::New);
  health_.connected();
  EXPECT_EQ(health_.state(), HostState::Up);
}

TEST_F(HealthTest, AHostThatHasDoneAUnitIsProven) {
  health_.did_unit(health_.epoch());
  EXPECT_EQ(health_.state(), HostState::Up);
  EXPECT_TRUE(health_.proven());
}

TEST_F(HealthTest, PausesOfASickHostGrowToAMinute) {
  std::vector<long> pauses;
  for (int i = 0; i < 6; ++i) pauses.push_back(pause(Fault::CannotCompile));
  EXPECT_THAT(pauses, ElementsAre(5, 10, 20, 40, 60, 60));
  EXPECT_EQ(health_.state(), HostState::Sick);
}

TEST_F(HealthTest, ASuccessfulTrialEndsTheSickness) {
  pause(Fault::CannotCompile);
  pause(Fault::CannotCompile);
  health_.did_unit(health_.epoch());
  EXPECT_EQ(health_.state(), HostState::Up);
  EXPECT_EQ(pause(Fault::CannotCompile), 5);
}

TEST_F(HealthTest, AUnitFromBeforeTheSicknessIsNoTrial) {
  health_.connected();
  const auto before = health_.epoch();
  pause(Fault::CannotCompile);
  health_.did_unit(before);
  EXPECT_EQ(health_.state(), HostState::Sick);
  EXPECT_FALSE(health_.proven());
}

TEST_F(HealthTest, ManyUnitsThatFailForOneReasonAreOneFault) {
  health_.connected();
  const auto epoch = health_.epoch();
  for (int i = 0; i < 12; ++i) health_.failed(Fault::CannotCompile, epoch, now_);
  EXPECT_EQ(health_.due() - now_, seconds(5));
}

TEST_F(HealthTest, TheReturnOfAHostIsNoticedAfterAQuarterOfTheTimeThatItWasAway) {
  const Time start = now_;
  health_.failed(Fault::NoConnection, health_.epoch(), now_);
  for (int i = 0; i < 40; ++i) {
    const Duration expected =
        std::clamp<Duration>((now_ - start) / 4, std::chrono::milliseconds(250), seconds(15));
    EXPECT_EQ(health_.due() - now_, expected);
    now_ = health_.due();
    health_.probed(false, false, now_);
  }
  EXPECT_EQ(health_.due() - now_, seconds(15));
}

TEST_F(HealthTest, AProbeThatConnectsMakesTheHostNew) {
  pause(Fault::NoConnection);
  now_ += seconds(8);
  health_.probed(true, false, now_);
  EXPECT_EQ(health_.state(), HostState::New);
  // It has not accepted a unit yet: the pauses go on growing.
  EXPECT_EQ(pause(Fault::NoConnection), 2);
  health_.probed(true, false, now_);
  health_.connected();
  EXPECT_EQ(pause(Fault::NoConnection), 0);  // a quarter of a second
}

TEST_F(HealthTest, AfterAConnectionHasEndedAProbeIsDueAtOnce) {
  health_.connected();
  health_.failed(Fault::ConnectionEnded, health_.epoch(), now_);
  EXPECT_EQ(health_.state(), HostState::Suspect);
  EXPECT_TRUE(health_.needs_probe());
  EXPECT_EQ(health_.due(), now_);
  health_.probed(false, false, now_);
  EXPECT_EQ(health_.state(), HostState::Down);
}

TEST_F(HealthTest, AHostThatEndsConnectionsAndAcceptsThemIsNewOnceThenSick) {
  health_.connected();
  health_.failed(Fault::ConnectionEnded, health_.epoch(), now_);
  health_.probed(true, false, now_);
  EXPECT_EQ(health_.state(), HostState::New);
  health_.connected();
  health_.failed(Fault::ConnectionEnded, health_.epoch(), now_);
  health_.probed(true, false, now_);
  EXPECT_EQ(health_.state(), HostState::Sick);
  EXPECT_EQ(health_.due() - now_, seconds(5));
  health_.did_unit(health_.epoch());
  health_.failed(Fault::ConnectionEnded, health_.epoch(), now_);
  health_.probed(true, false, now_);
  EXPECT_EQ(health_.state(), HostState::New);
}

TEST_F(HealthTest, AHostThatWasDownBetweenTwoEndsIsNewAgain) {
  for (int i = 0; i < 5; ++i) {
    health_.connected();
    health_.failed(Fault::ConnectionEnded, health_.epoch(), now_);
    health_.probed(true, false, now_);
    EXPECT_EQ(health_.state(), HostState::New);
    health_.failed(Fault::NoConnection, health_.epoch(), now_);
    health_.probed(true, false, now_);
  }
}

TEST_F(HealthTest, EndsThatAreExplainedAreNotTheHostsFault) {
  health_.connected();
  for (int i = 0; i < 5; ++i) {
    health_.failed(Fault::ConnectionEnded, health_.epoch(), now_);
    health_.probed(true, true, now_);
    EXPECT_EQ(health_.state(), HostState::New);
  }
}

TEST_F(HealthTest, AHostThatDoesNotAnswerIsSickIfItAcceptsConnections) {
  health_.connected();
  health_.failed(Fault::NoAnswer, health_.epoch(), now_);
  EXPECT_EQ(health_.state(), HostState::Suspect);
  health_.probed(true, false, now_);
  EXPECT_EQ(health_.state(), HostState::Sick);
  EXPECT_TRUE(health_.silent());
  health_.failed(Fault::NoAnswer, health_.epoch(), now_);
  health_.probed(false, false, now_);
  EXPECT_EQ(health_.state(), HostState::Down);
  EXPECT_FALSE(health_.silent());
}

TEST_F(HealthTest, ASickHostThatRefusesConnectionsIsDown) {
  pause(Fault::CannotCompile);
  EXPECT_EQ(pause(Fault::NoConnection), 0);  // a quarter of a second
  EXPECT_EQ(health_.state(), HostState::Down);
}

}  // namespace
}  // namespace pump::scheduler
