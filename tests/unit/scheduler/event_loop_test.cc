#include "pump/scheduler/event_loop.h"

#include <gmock/gmock.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <array>
#include <memory>
#include <vector>

namespace pump::scheduler {
namespace {

using namespace std::chrono_literals;

/// A pipe whose handler reads one byte at a time.
struct Source {
  explicit Source(EventLoop& loop) {
    std::array<int, 2> ends{};
    EXPECT_EQ(::pipe(ends.data()), 0);
    from.reset(ends[0]);
    to.reset(ends[1]);
    auto added = loop.watch(from.get(), EPOLLIN, [this] {
      char byte = 0;
      if (::read(from.get(), &byte, 1) == 1) ++handled;
    });
    EXPECT_TRUE(added);
    watch = *std::move(added);
  }
  void happen(int times) const {
    for (int i = 0; i < times; ++i) EXPECT_EQ(::write(to.get(), "x", 1), 1);
  }
  os::UniqueFd from, to;
  EventLoop::Watch watch;
  int handled = 0;
};

TEST(EventLoop, RunPendingHandlesAllThatHasHappenedAndDoesNotWait) {
  EventLoop loop;
  ASSERT_TRUE(loop.open());
  std::vector<std::unique_ptr<Source>> sources;
  for (int i = 0; i < 200; ++i) {  // more than one round
    sources.push_back(std::make_unique<Source>(loop));
    sources.back()->happen(3);
  }
  EXPECT_TRUE(loop.run_pending());
  for (const auto& source : sources) EXPECT_EQ(source->handled, 3);
  EXPECT_TRUE(loop.run_pending());
}

TEST(EventLoop, StopEndsBothKindsOfRun) {
  EventLoop loop;
  ASSERT_TRUE(loop.open());
  EXPECT_TRUE(loop.run_once(std::chrono::steady_clock::now() + 1ms));
  loop.stop();
  EXPECT_FALSE(loop.run_once({}));
  EXPECT_FALSE(loop.run_pending());
}

}  // namespace
}  // namespace pump::scheduler
