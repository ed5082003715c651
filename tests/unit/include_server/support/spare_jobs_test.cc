#include "pump/include_server/support/spare_jobs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>

#include <atomic>
#include <chrono>
#include <stdexcept>
#include <thread>
#include <vector>

namespace pump::include_server {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class SpareJobsTest : public testing::Test {
 protected:
  bool called() const {
    pollfd event{jobs_.fd(), POLLIN, 0};
    return ::poll(&event, 1, 0) == 1;
  }
  SpareJobs::Job note(int number) {
    return [this, number] { done_.push_back(number); };
  }
  SpareJobs jobs_;
  std::vector<int> done_;
};

TEST_F(SpareJobsTest, WithNobodyIdleNothingIsKept) {
  EXPECT_FALSE(jobs_.wanted());
  jobs_.offer(note(1));
  EXPECT_FALSE(called());
  jobs_.help_while([] { return true; });
  EXPECT_THAT(done_, IsEmpty());
}

TEST_F(SpareJobsTest, AnIdleWorkerIsCalledOnceAndRunsThemInOrder) {
  {
    const SpareJobs::Idle idle(jobs_);
    EXPECT_TRUE(jobs_.wanted());
    jobs_.offer(note(1));
    jobs_.offer(note(2));
    EXPECT_TRUE(called());
  }
  EXPECT_FALSE(jobs_.wanted());
  jobs_.answer_call();
  EXPECT_FALSE(called());
  jobs_.help_while([] { return true; });
  EXPECT_THAT(done_, ElementsAre(1, 2));
}

TEST_F(SpareJobsTest, AfterACallIsAnsweredTheNextOfferCallsAgain) {
  const SpareJobs::Idle idle(jobs_);
  jobs_.offer(note(1));
  jobs_.answer_call();
  jobs_.offer(note(2));
  EXPECT_TRUE(called());
}

TEST_F(SpareJobsTest, WhatAJobOffersIsDoneByTheSameHelper) {
  jobs_.offer([this] { jobs_.offer(note(2)); }, true);
  jobs_.help_while([] { return true; });
  EXPECT_THAT(done_, ElementsAre(2));
  EXPECT_FALSE(called());
}

TEST_F(SpareJobsTest, ThoseWhoWaitFindWhatIsKeptForThem) {
  jobs_.offer(note(1), true);
  jobs_.offer(note(2), true);
  EXPECT_FALSE(called());
  int asked = 0;
  jobs_.help_while([&] { return ++asked == 1; });
  EXPECT_THAT(done_, ElementsAre(1));
  jobs_.help_while([] { return true; });
  EXPECT_THAT(done_, ElementsAre(1, 2));
}

TEST_F(SpareJobsTest, AJobThatThrowsEndsNobodyElse) {
  jobs_.offer([] { throw std::runtime_error("no memory"); }, true);
  jobs_.offer(note(2), true);
  jobs_.help_while([] { return true; });
  EXPECT_THAT(done_, ElementsAre(2));
}

TEST_F(SpareJobsTest, WhoeverGoesIdleIsCalledForWhatWasLeft) {
  for (int i = 0; i < 300; ++i) jobs_.offer(note(i), true);
  EXPECT_FALSE(called());
  const SpareJobs::Idle idle(jobs_);
  EXPECT_TRUE(called());
}

TEST_F(SpareJobsTest, TheRestOfAJobComesAfterTheOthersAndCallsNobody) {
  const SpareJobs::Idle idle(jobs_);
  jobs_.offer([this] { jobs_.go_on_with(note(3)); });
  jobs_.offer(note(2));
  jobs_.answer_call();
  jobs_.help_while([this] { return !called(); });
  EXPECT_THAT(done_, ElementsAre(2, 3));
}

TEST_F(SpareJobsTest, TheQueueIsBounded) {
  for (int i = 0; i < 10'000; ++i) jobs_.offer(note(i), true);
  jobs_.help_while([] { return true; });
  EXPECT_EQ(done_.size(), 256U);
  EXPECT_EQ(done_.back(), 255);
}

TEST(SpareJobsThreads, EveryJobThatIsTakenRunsOnceAndNoCallIsLost) {
  constexpr int kRounds = 3000;
  SpareJobs jobs;
  std::atomic<int> ran{0}, gone{0};
  std::atomic<bool> over{false};
  std::vector<std::thread> workers;
  for (int i = 0; i < 3; ++i) {
    workers.emplace_back([&] {
      while (!over) {
        pollfd event{jobs.fd(), POLLIN, 0};
        bool ready = false;
        {
          const SpareJobs::Idle idle(jobs);
          ready = ::poll(&event, 1, -1) == 1;
        }
        if (!ready) continue;
        jobs.answer_call();
        jobs.help_while([] { return true; });
      }
      ++gone;
    });
  }
  // Nobody looks at the queue without a call, but for the one that runs a job: a lost call shows as a stop.
  int offered = 0;
  bool stopped = false;
  for (int round = 0; round < kRounds && !stopped; ++round) {
    for (int i = 0; i <= round % 3; ++i, ++offered) jobs.offer([&] { ++ran; }, true);
    const auto patience = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (ran < offered && !stopped) {
      std::this_thread::yield();
      stopped = std::chrono::steady_clock::now() > patience;
    }
  }
  EXPECT_FALSE(stopped) << "after " << ran << " of " << offered;
  EXPECT_EQ(ran, offered);
  over = true;
  while (gone < 3) jobs.offer([] {}, true);
  for (std::thread& worker : workers) worker.join();
}

}  // namespace
}  // namespace pump::include_server
