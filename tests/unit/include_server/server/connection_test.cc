#include "pump/include_server/server/connection.h"

#include <gtest/gtest.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <array>
#include <thread>

namespace pump::include_server {
namespace {

using namespace std::chrono_literals;
using Progress = Connection::Progress;

struct Pair {
  std::unique_ptr<Connection> ours;
  os::UniqueFd theirs;

  explicit Pair(std::uint64_t number = 7) {
    std::array<int, 2> ends{};
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()), 0);
    theirs.reset(ends[1]);
    ours = std::make_unique<Connection>(os::UniqueFd(ends[0]), Peer{}, number);
  }
  void write(std::string_view bytes) const {
    ASSERT_EQ(::send(theirs.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(bytes.size()));
  }
};

const std::string kRequest = encode_request("/w", {"g++", "-c", "x.cc"});

TEST(Connection, ReadsARequestInParts) {
  Pair pair;
  EXPECT_EQ(pair.ours->receive(), Progress::WouldBlock);
  pair.write(std::string_view(kRequest).substr(0, 20));
  EXPECT_EQ(pair.ours->receive(), Progress::WouldBlock);
  pair.write(std::string_view(kRequest).substr(20));
  EXPECT_EQ(pair.ours->receive(), Progress::Done);
  EXPECT_EQ(pair.ours->decoder().arguments().size(), 3U);
}

TEST(ReceiveFirst, AWholeRequest) {
  Pair pair;
  pair.write(kRequest);
  EXPECT_EQ(pair.ours->receive_first(), kRequest);
  EXPECT_EQ(pair.ours->receive(), Progress::Done);
  EXPECT_EQ(pair.ours->decoder().arguments().size(), 3U);
  int unread = 0;
  EXPECT_EQ(::ioctl(pair.ours->fd(), FIONREAD, &unread), 0);
  EXPECT_EQ(unread, 0);
  pair.ours->set_reply(std::make_shared<const std::string>("reply"));
  EXPECT_EQ(pair.ours->send(), Progress::Done);
  pair.ours.reset();
  std::array<char, 16> bytes{};
  EXPECT_EQ(::recv(pair.theirs.get(), bytes.data(), bytes.size(), 0), 5);
  EXPECT_EQ(::recv(pair.theirs.get(), bytes.data(), bytes.size(), 0), 0);  // the end, not ECONNRESET
}

TEST(ReceiveFirst, APart) {
  Pair pair;
  EXPECT_EQ(pair.ours->receive_first(), "");
  pair.write(std::string_view(kRequest).substr(0, 20));
  EXPECT_EQ(pair.ours->receive_first(), std::string_view(kRequest).substr(0, 20));
  EXPECT_EQ(pair.ours->receive(), Progress::WouldBlock);
  pair.write(std::string_view(kRequest).substr(20));
  EXPECT_EQ(pair.ours->receive(), Progress::Done);
  EXPECT_EQ(pair.ours->decoder().arguments().size(), 3U);
}

TEST(ReceiveFirst, ALargeRequest) {
  Pair pair;
  const std::string request = encode_request("/w", {"g++", std::string(100'000, 'x'), "x.cc"});
  std::thread writer([&] { pair.write(request); });
  while (pair.ours->receive_first().empty()) std::this_thread::yield();
  while (pair.ours->receive() == Progress::WouldBlock) std::this_thread::yield();
  writer.join();
  EXPECT_EQ(pair.ours->decoder().state(), RequestDecoder::State::Complete);
  EXPECT_EQ(pair.ours->decoder().arguments()[1].size(), 100'000U);
}

TEST(Connection, WaitsALittleForTheRest) {
  Pair pair;
  pair.write(std::string_view(kRequest).substr(0, 20));
  EXPECT_EQ(pair.ours->receive(), Progress::WouldBlock);
  EXPECT_EQ(pair.ours->receive_soon(1ms, 2ms), Progress::WouldBlock);
  pair.write(std::string_view(kRequest).substr(20));
  EXPECT_EQ(pair.ours->receive_soon(900ms, 10s), Progress::Done);
}

TEST(Connection, AClientThatGoesAway) {
  Pair pair;
  pair.write("CDIR");
  pair.theirs.reset();
  EXPECT_EQ(pair.ours->receive(), Progress::Gone);
}

TEST(Connection, AClientThatDoesNotReadTheReply) {
  Pair pair;
  pair.ours->set_reply(std::make_shared<const std::string>(8U << 20U, 'r'));
  EXPECT_TRUE(pair.ours->sending());
  EXPECT_EQ(pair.ours->send(), Progress::WouldBlock);
  std::thread reader([&] {
    std::array<char, 65536> part;
    std::size_t total = 0;
    while (total < (8U << 20U)) {
      const ssize_t got = ::recv(pair.theirs.get(), part.data(), part.size(), 0);
      ASSERT_GT(got, 0);
      total += static_cast<std::size_t>(got);
    }
  });
  while (pair.ours->send() == Progress::WouldBlock) std::this_thread::yield();
  reader.join();
}

TEST(Connection, AClientThatGoesAwayBeforeTheReply) {
  Pair pair;
  pair.ours->set_reply(std::make_shared<const std::string>("ARGC00000000"));
  pair.theirs.reset();
  EXPECT_EQ(pair.ours->send(), Progress::Gone);  // and no SIGPIPE
}

TEST(WaitingRoom, ANumberIsTakenOnce) {
  WaitingRoom room;
  Pair pair(5);
  room.put(std::move(pair.ours));
  EXPECT_EQ(room.size(), 1U);
  EXPECT_EQ(room.take(6), nullptr);
  EXPECT_NE(room.take(5), nullptr);
  EXPECT_EQ(room.take(5), nullptr);
  EXPECT_EQ(room.size(), 0U);
}

TEST(WaitingRoom, TheLongestIdleGoesFirst) {
  WaitingRoom room;
  Pair first(1), second(2);
  room.put(std::move(first.ours));
  room.put(std::move(second.ours));
  EXPECT_EQ(room.take_longest(1h), nullptr);
  EXPECT_EQ(room.take_longest(0ms)->number(), 1U);
  EXPECT_EQ(room.take_longest(0ms)->number(), 2U);
  EXPECT_EQ(room.take_longest(0ms), nullptr);
}

TEST(WaitingRoom, CountsWhatItHolds) {
  WaitingRoom room;
  Pair pair(1);
  pair.write("CDIR00000100");
  EXPECT_EQ(pair.ours->receive(), Progress::WouldBlock);
  room.put(std::move(pair.ours));
  EXPECT_EQ(room.held(), 12U);
  static_cast<void>(room.take(1));
  EXPECT_EQ(room.held(), 0U);
}

TEST(WaitingRoom, TheOverdueLeave) {
  WaitingRoom room;
  Pair first(1), second(2);
  room.put(std::move(first.ours));
  room.put(std::move(second.ours));
  EXPECT_TRUE(room.take_overdue(1h, 1h).empty());
  std::this_thread::sleep_for(2ms);
  EXPECT_EQ(room.take_overdue(1h, 1ms).size(), 2U);
  EXPECT_EQ(room.size(), 0U);
}

}  // namespace
}  // namespace pump::include_server
