#include "pump/scheduler/policy/fair_queue.h"

#include <gmock/gmock.h>

#include <deque>

namespace pump::scheduler {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::uint64_t kAllClasses = classes_up_to(kClasses - 1);

class FairQueueTest : public testing::Test {
 protected:
  Build& build() {
    builds_.emplace_back().number = builds_.size();
    return builds_.back();
  }
  Unit& push(Build& build, double work = 1, std::vector<HostNumber> failed = {}) {
    Unit& unit = units_.emplace_back();
    unit.id = unit.order = units_.size();
    unit.build = &build;
    unit.work = work;
    unit.failed = std::move(failed);
    queue_.push(unit);
    return unit;
  }
  /// Takes the next unit, and counts it as running.
  std::uint64_t take(std::uint64_t classes = kAllClasses) {
    for (const auto& [order, line] : queue_.lines()) {
      Unit* const unit = line->first(classes);
      if (unit == nullptr) continue;
      queue_.remove(*unit);
      ++unit->build->running;
      unit->build->last_grant = ++grants_;
      FairQueue::reorder(*unit->build);
      return unit->id;
    }
    return 0;
  }

  std::deque<Build> builds_;  // outlives the queue
  std::deque<Unit> units_;
  FairQueue queue_;
  std::uint64_t grants_ = 0;
};

TEST_F(FairQueueTest, ABuildKeepsItsOrder) {
  Build& one = build();
  for (const double work : {3.0, 1.0, 2.0, 1.0}) push(one, work);
  EXPECT_EQ(queue_.size(), 4U);
  EXPECT_THAT((std::vector{take(), take(), take(), take(), take()}), ElementsAre(1, 2, 3, 4, 0));
  EXPECT_TRUE(queue_.empty());
}

TEST_F(FairQueueTest, BuildsTakeTurns) {
  Build &one = build(), &other = build();
  for (int i = 0; i < 3; ++i) push(one);    // 1 to 3
  for (int i = 0; i < 3; ++i) push(other);  // 4 to 6
  EXPECT_THAT((std::vector{take(), take(), take(), take()}), ElementsAre(1, 4, 2, 5));
}

TEST_F(FairQueueTest, TheBuildWithTheFewestRunningUnitsIsNext) {
  Build &one = build(), &other = build();
  one.running = 5;
  for (int i = 0; i < 3; ++i) push(one);
  for (int i = 0; i < 3; ++i) push(other);
  EXPECT_THAT((std::vector{take(), take(), take()}), ElementsAre(4, 5, 6));
  one.running = 1;
  FairQueue::reorder(one);
  EXPECT_EQ(take(), 1U);
}

TEST_F(FairQueueTest, AUnitThatIsTooLongIsPassedOver) {
  Build& one = build();
  push(one, 60);
  push(one, 1);
  EXPECT_EQ(take(classes_up_to(class_of(2))), 2U);
  EXPECT_EQ(take(classes_up_to(class_of(2))), 0U);
  EXPECT_EQ(take(), 1U);
}

TEST_F(FairQueueTest, UnitsThatFailedAreKeptApart) {
  Build& one = build();
  Unit& failed = push(one, 1, {3, 7});
  push(one);
  EXPECT_THAT(queue_.retries(), ElementsAre(&failed));
  EXPECT_EQ(queue_.most_failed(), 2U);
  EXPECT_EQ(queue_.units().size(), 2U);
  queue_.remove(failed);
  EXPECT_THAT(queue_.retries(), IsEmpty());
  EXPECT_EQ(queue_.most_failed(), 0U);
}

TEST_F(FairQueueTest, ABuildThatIsForgottenLeavesNothing) {
  Build& one = build();
  push(one);
  take();
  FairQueue::forget(one);
  one.lines.clear();
  EXPECT_TRUE(queue_.lines().empty());
  push(one);
  EXPECT_EQ(take(), 2U);
}

TEST(Classes, GrowWithTheWork) {
  EXPECT_EQ(class_of(0), 0U);
  EXPECT_EQ(class_of(1e9), kClasses - 1);
  for (unsigned i = 0; i < kClasses; ++i) EXPECT_EQ(class_of(work_of_class(i)), i);
  EXPECT_EQ(classes_up_to(0), 1U);
  EXPECT_EQ(classes_up_to(63), ~std::uint64_t{0});
}

}  // namespace
}  // namespace pump::scheduler
