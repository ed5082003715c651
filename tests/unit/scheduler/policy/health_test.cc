#include "pump/scheduler/policy/health.h"

#include <gmock/gmock.h>

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

TEST_F(HealthTest, PausesBetweenProbesGrowToAMinute) {
  std::vector<long> pauses{pause(Fault::NoConnection)};
  for (int i = 0; i < 7; ++i) {
    health_.probed(false, now_);
    pauses.push_back(std::chrono::duration_cast<seconds>(health_.due() - now_).count());
    now_ = health_.due();
  }
  EXPECT_THAT(pauses, ElementsAre(1, 2, 4, 8, 16, 32, 60, 60));
}

TEST_F(HealthTest, AProbeThatConnectsMakesTheHostNew) {
  pause(Fault::NoConnection);
  health_.probed(true, now_);
  EXPECT_EQ(health_.state(), HostState::New);
  // It has not worked yet: the pauses go on growing.
  EXPECT_EQ(pause(Fault::NoConnection), 2);
  health_.probed(true, now_);
  health_.connected();
  EXPECT_EQ(pause(Fault::NoConnection), 1);
}

TEST_F(HealthTest, ASickHostThatRefusesConnectionsIsDown) {
  pause(Fault::CannotCompile);
  EXPECT_EQ(pause(Fault::NoConnection), 1);
  EXPECT_EQ(health_.state(), HostState::Down);
}

}  // namespace
}  // namespace pump::scheduler
