#include "pump/scheduler/policy/timers.h"

#include <gmock/gmock.h>

namespace pump::scheduler {
namespace {

using std::chrono::seconds;

constexpr Time kStart{};

TEST(Timers, EventsComeInOrderWhenTheyAreDue) {
  Timers<int> timers;
  Timers<int>::Timer first, second;
  timers.set(second, kStart + seconds(2), 2);
  timers.set(first, kStart + seconds(1), 1);
  EXPECT_EQ(timers.next(), kStart + seconds(1));
  EXPECT_EQ(timers.take_due(kStart), std::nullopt);
  EXPECT_EQ(timers.take_due(kStart + seconds(5)), 1);
  EXPECT_EQ(timers.take_due(kStart + seconds(5)), 2);
  EXPECT_EQ(timers.next(), std::nullopt);
}

TEST(Timers, ATimerThatIsSetAgainFiresOnce) {
  Timers<int> timers;
  Timers<int>::Timer timer;
  timers.set(timer, kStart + seconds(1), 1);
  timers.set(timer, kStart + seconds(3), 3);
  EXPECT_EQ(timers.take_due(kStart + seconds(2)), std::nullopt);
  EXPECT_EQ(timers.take_due(kStart + seconds(3)), 3);
  EXPECT_EQ(timers.take_due(kStart + seconds(9)), std::nullopt);
}

TEST(Timers, ACancelledTimerDoesNotFire) {
  Timers<int> timers;
  Timers<int>::Timer timer;
  timers.set(timer, kStart + seconds(1), 1);
  timers.cancel(timer);
  timers.cancel(timer);
  EXPECT_EQ(timers.next(), std::nullopt);
}

TEST(Timers, ATimerCanBeSetAfterItHasFired) {
  Timers<int> timers;
  Timers<int>::Timer timer;
  timers.set(timer, kStart, 1);
  EXPECT_EQ(timers.take_due(kStart), 1);
  Timers<int>::fired(timer);
  timers.set(timer, kStart + seconds(1), 2);
  EXPECT_EQ(timers.take_due(kStart + seconds(1)), 2);
}

}  // namespace
}  // namespace pump::scheduler
