#include "pump/include_server/support/brief_lock.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <ctime>
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
  std::atomic<bool> begun{false}, released{false};
  std::int64_t used = 0;  // CPU, ns
  std::unique_lock held(mutex);
  std::thread waiting([&] {
    begun = true;
    const BriefLock lock(mutex);
    EXPECT_TRUE(released);
    timespec cpu{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &cpu);
    used = cpu.tv_sec * 1'000'000'000 + cpu.tv_nsec;
  });
  while (!begun) std::this_thread::yield();
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  released = true;
  held.unlock();
  waiting.join();
  EXPECT_LT(used, 100'000'000) << "of the 200 ms it waited";
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
