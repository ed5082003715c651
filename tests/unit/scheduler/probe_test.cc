#include "pump/scheduler/probe.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace pump::scheduler {
namespace {

using Clock = std::chrono::steady_clock;

/// A socket on 127.0.0.1 with a port of its own.
class Listener {
 public:
  Listener() : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    EXPECT_EQ(::bind(fd_.get(), reinterpret_cast<sockaddr*>(&address), size), 0);
    EXPECT_EQ(::getsockname(fd_.get(), reinterpret_cast<sockaddr*>(&address), &size), 0);
    port_ = ntohs(address.sin_port);
  }
  void listen() const { EXPECT_EQ(::listen(fd_.get(), 8), 0); }
  [[nodiscard]] unsigned port() const { return port_; }

 private:
  os::UniqueFd fd_;
  unsigned port_ = 0;
};

class ProbeTest : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(loop_.open()); }
  bool run(const std::vector<std::string>& addresses) {
    const Probe probe(loop_, addresses, listener_.port(), Clock::now());
    while (!probe.result(Clock::now())) loop_.run_once(probe.deadline());
    return *probe.result(Clock::now());
  }
  EventLoop loop_;
  Listener listener_;  // refuses connections until listen()
};

TEST_F(ProbeTest, AServerThatListensIsFound) {
  listener_.listen();
  EXPECT_TRUE(run({"127.0.0.1"}));
}

TEST_F(ProbeTest, ARefusedConnectionIsNone) {
  EXPECT_FALSE(run({"127.0.0.1"}));
}

TEST_F(ProbeTest, OneAddressThatAcceptsIsEnough) {
  listener_.listen();
  EXPECT_TRUE(run({"::1", "not an address", "127.0.0.1"}));
}

TEST_F(ProbeTest, WithoutAnAddressThereIsNoConnection) {
  EXPECT_FALSE(run({}));
}

}  // namespace
}  // namespace pump::scheduler
