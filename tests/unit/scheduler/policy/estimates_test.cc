#include "pump/scheduler/policy/estimates.h"

#include <gmock/gmock.h>

#include <cmath>
#include <random>

namespace pump::scheduler {
namespace {

using testing::DoubleNear;

TEST(RecentWork, RemembersWhatWasStoredLast) {
  RecentWork recent;
  EXPECT_EQ(recent.find(7), 0);
  recent.store(7, 2);
  recent.store(7, 3);
  EXPECT_EQ(recent.find(7), 3);
  EXPECT_EQ(recent.find(8), 0);
}

TEST(RecentWork, ForgetsWhatWasUnusedForLongest) {
  RecentWork recent;
  const std::uint64_t sets = kMostUnits / RecentWork::kWays;
  // Keys that share their places.
  for (std::uint64_t i = 0; i < RecentWork::kWays; ++i) recent.store(5 + i * sets, 1);
  recent.store(5, 2);
  recent.store(5 + RecentWork::kWays * sets, 3);
  EXPECT_EQ(recent.find(5), 2);
  EXPECT_EQ(recent.find(5 + sets), 0);
  EXPECT_EQ(recent.find(5 + 2 * sets), 1);
  EXPECT_EQ(recent.find(5 + RecentWork::kWays * sets), 3);
}

TEST(RecentWork, HoldsALargeBuild) {
  RecentWork recent;
  std::mt19937_64 random(1);
  std::vector<std::uint64_t> keys(60000);
  for (std::uint64_t& key : keys) recent.store(key = random(), 1);
  const auto known =
      std::count_if(keys.begin(), keys.end(), [&](std::uint64_t key) { return recent.find(key) > 0; });
  EXPECT_GT(known, 59000);
}

TEST(Estimates, NothingIsKnownAtFirst) {
  EXPECT_EQ(Estimates().work({1, 1000, "g++"}), 0);
}

TEST(Estimates, AUnitTakesAsLongAsLastTime) {
  Estimates estimates;
  Speed speed;
  estimates.learn({1, 1000, "g++"}, 3, 0, speed);
  EXPECT_NEAR(estimates.work({1, 999999, "g++"}), 3, 1e-5);
  EXPECT_TRUE(estimates.measured({1, 1000, "g++"}));
  EXPECT_FALSE(estimates.measured({2, 1000, "g++"}));
}

TEST(Estimates, AnUnknownUnitTakesAsLongForAByteAsOthersOfItsCompiler) {
  Estimates estimates;
  Speed speed;
  for (std::uint64_t i = 0; i < 10; ++i) {
    estimates.learn({i, 1000, "g++"}, 4, 0, speed);
    estimates.learn({100 + i, 1000, "gcc"}, 1, 0, speed);
  }
  const double cpp = estimates.work({1000, 2000, "g++"}), c = estimates.work({1000, 2000, "gcc"});
  EXPECT_NEAR(cpp / c, 4, 0.5);
  EXPECT_GT(estimates.work({1000, 2000, "clang"}), c);
  EXPECT_NEAR(estimates.work({1000, 4000, "gcc"}) / c, 2, 1e-6);
}

TEST(Estimates, AUnitWithoutBytesIsATypicalOne) {
  Estimates estimates;
  Speed speed;
  estimates.learn({1, 0, "g++"}, 3, 0, speed);
  EXPECT_NEAR(estimates.work({2, 0, "g++"}), 3, 1e-6);
}

/// Units of random work on a fast and a slow host.
class LearningSpeeds : public testing::Test {
 protected:
  void learn(int units, double pace_of_slow) {
    std::lognormal_distribution<double> works(0, 0.7), noise(0, 0.3);
    for (int i = 0; i < units; ++i) {
      const double work = works(random_);
      Speed& speed = i % 2 == 0 ? fast_ : slow_;
      const auto bytes = static_cast<std::uint64_t>(work * noise(random_) * 1e5);
      estimates_.learn({random_(), bytes, "g++"}, work * (i % 2 == 0 ? 1 : pace_of_slow), 0, speed);
    }
  }
  [[nodiscard]] double ratio() const { return slow_.pace() / fast_.pace(); }
  std::mt19937_64 random_{3};
  Estimates estimates_;
  Speed fast_, slow_;
};

TEST_F(LearningSpeeds, ARatioIsLearnedFromUnitsThatAreOnlyGuessed) {
  learn(60, 4);
  EXPECT_THAT(ratio(), DoubleNear(4, 1.2));
  learn(1000, 4);
  EXPECT_THAT(ratio(), DoubleNear(4, 0.5));
  EXPECT_GE(slow_.level() - fast_.level(), 5);
}

TEST_F(LearningSpeeds, AHostThatBecomesSlowerIsNoticed) {
  learn(1000, 1);
  EXPECT_THAT(ratio(), DoubleNear(1, 0.15));
  EXPECT_LT(slow_.level() - fast_.level(), kSlower);
  learn(600, 4);
  EXPECT_THAT(ratio(), DoubleNear(4, 1));
}

TEST_F(LearningSpeeds, AnOutlierChangesLittle) {
  learn(1000, 1);
  estimates_.learn({1, 100000, "g++"}, 10000, 0, slow_);
  EXPECT_THAT(ratio(), DoubleNear(1, 0.2));
}

TEST_F(LearningSpeeds, TheTimeForTransferIsNoSpeed) {
  for (std::uint64_t i = 0; i < 100; ++i) {
    estimates_.learn({i, 100000, "g++"}, 1, 0, fast_);
    estimates_.learn({1000 + i, 100000, "g++"}, 1, 3, slow_);
  }
  EXPECT_THAT(ratio(), DoubleNear(1, 0.1));
  EXPECT_NEAR(slow_.predict(1), 4, 0.3);
  // But a host that is far away is not used while a near one is free.
  EXPECT_GE(slow_.level() - fast_.level(), kSlower);
}

}  // namespace
}  // namespace pump::scheduler
