#include "pump/scheduler/policy/saturation.h"

#include <gmock/gmock.h>

namespace pump::scheduler {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// 16 slots of a fast and 16 of a slow level; units take a second of work, so an eighth is 125 ms on the fast level.
class SaturationTest : public testing::Test {
 protected:
  static constexpr int kFast = kLevels / 2, kSlow = kFast + 6;
  static constexpr double kWork = 1;
  SaturationTest() {
    saturation_.change(kFast, 16, 16, now_, kWork);
    saturation_.change(kSlow, 16, 16, now_, kWork);
  }
  void free(int level, int slots) { saturation_.change(level, 0, slots, now_, kWork); }
  void pass(Duration time) { now_ += time; }

  Time now_ = Time(std::chrono::hours(9));
  Saturation saturation_{now_};
};

TEST_F(SaturationTest, HostsAreBusyFromWhenTheirSlotsAreTaken) {
  EXPECT_EQ(saturation_.busy_since(kFast), std::nullopt);
  pass(seconds(3));
  free(kFast, -15);
  EXPECT_EQ(saturation_.busy_since(kFast), now_);
  EXPECT_EQ(saturation_.busy_since(kSlow), std::nullopt);  // 17 of 32 are free
}

TEST_F(SaturationTest, ThereIsNothingToWaitForBelowTheFastestHost) {
  free(kFast, -16);
  EXPECT_EQ(saturation_.busy_since(kFast - 1), std::nullopt);
  EXPECT_EQ(saturation_.busy_since(-2), std::nullopt);
  EXPECT_EQ(saturation_.fastest(), kFast);
}

TEST_F(SaturationTest, AMomentBetweenTwoUnitsDoesNotCount) {
  free(kFast, -16);
  const Time busy = now_;
  pass(seconds(1));
  free(kFast, 4);
  pass(milliseconds(100));
  free(kFast, -4);
  EXPECT_EQ(saturation_.busy_since(kFast), busy);
}

TEST_F(SaturationTest, AFewFreeSlotsDoNotCount) {
  free(kFast, -16);
  const Time busy = now_;
  free(kFast, 1);
  pass(seconds(10));
  EXPECT_EQ(saturation_.busy_since(kFast), busy);
  EXPECT_FALSE(saturation_.idle(kFast, kWork));
}

TEST_F(SaturationTest, AnEighthOfTheSlotsForAnEighthOfAUnitCounts) {
  free(kFast, -16);
  free(kFast, 2);
  ASSERT_TRUE(saturation_.idle(kFast, kWork));
  EXPECT_EQ(saturation_.idle(kFast, kWork)->since, now_);
  // The pace of the level is 1, its number is in the middle.
  EXPECT_EQ(saturation_.idle(kFast, kWork)->certain, now_ + milliseconds(125));
  pass(milliseconds(200));
  free(kFast, -2);
  EXPECT_EQ(saturation_.busy_since(kFast), now_);
}

TEST_F(SaturationTest, HostsThatGoAreNotBusy) {
  free(kFast, -16);
  saturation_.change(kFast, -16, 0, now_, kWork);
  EXPECT_EQ(saturation_.busy_since(kFast), std::nullopt);
  EXPECT_FALSE(saturation_.idle(kFast, kWork));
}

}  // namespace
}  // namespace pump::scheduler
