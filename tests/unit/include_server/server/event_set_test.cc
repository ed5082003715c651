#include "pump/include_server/server/event_set.h"

#include <gtest/gtest.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace pump::include_server {
namespace {

class EventSetTest : public testing::Test {
 protected:
  EventSetTest() { EXPECT_TRUE(events_.open()); }
  void signal() const { EXPECT_EQ(::eventfd_write(event_.get(), 1), 0); }

  EventSet events_;
  os::UniqueFd event_{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
};

TEST_F(EventSetTest, ReportsTheNumberOfTheDescriptor) {
  ASSERT_TRUE(events_.add(event_.get(), EPOLLIN | EPOLLONESHOT, 7));
  signal();
  EXPECT_EQ(events_.wait(), 7U);
  ASSERT_TRUE(events_.rearm(event_.get(), EPOLLIN | EPOLLONESHOT, 8));
  EXPECT_EQ(events_.wait(), 8U);
}

TEST_F(EventSetTest, EndsAllWaitsWhenStopped) {
  events_.stop();
  EXPECT_EQ(events_.wait(), std::nullopt);
  EXPECT_EQ(events_.wait(), std::nullopt) << "also later ones";
}

TEST_F(EventSetTest, FailsForADescriptorThatIsNotOpen) {
  EXPECT_FALSE(events_.add(-1, EPOLLIN, 7));
  EXPECT_FALSE(events_.rearm(event_.get(), EPOLLIN, 7)) << "was not added";
}

}  // namespace
}  // namespace pump::include_server
