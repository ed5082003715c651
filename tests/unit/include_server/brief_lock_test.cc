#include "pump/include_server/brief_lock.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

namespace pump::include_server {
namespace {

TEST(BriefLock, HoldsTheMutexAsLongAsItLives) {
  std::mutex mutex;
  {
    const BriefLock lock(mutex);
    std::thread([&] { EXPECT_FALSE(mutex.try_lock()); }).join();
  }
  EXPECT_TRUE(mutex.try_lock());
  mutex.unlock();
}

TEST(BriefLock, SleepsWhereItTakesLonger) {
  std::mutex mutex;
  std::atomic<bool> released{false};
  std::unique_lock held(mutex);
  std::thread waiting([&] {
    const BriefLock lock(mutex);
    EXPECT_TRUE(released);
  });
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  released = true;
  held.unlock();
  waiting.join();
}

TEST(BriefLock, KeepsOthersOut) {
  std::mutex mutex;
  long count = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&] {
      for (int turn = 0; turn < 10'000; ++turn) {
        const BriefLock lock(mutex);
        ++count;
      }
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(count, 40'000);
}

}  // namespace
}  // namespace pump::include_server
