#include "pump/include_server/server/connection.h"

#include <gtest/gtest.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <array>
#include <cstring>
#include <thread>
#include <utility>
#include <vector>

#include "tests/unit/include_server/server/connection_pair.h"

namespace pump::include_server {
namespace {

using namespace std::chrono_literals;
using Progress = Connection::Progress;

const std::string kRequest = encode_request("/w", {"g++", "-c", "x.cc"});

Reply plain(std::string bytes) {
  Reply reply;
  reply.encoded = std::make_shared<const std::string>(std::move(bytes));
  return reply;
}

TEST(Connection, ReadsARequestInParts) {
  ConnectionPair pair;
  EXPECT_EQ(pair.ours->receive(), Progress::WouldBlock);
  pair.write(std::string_view(kRequest).substr(0, 20));
  EXPECT_EQ(pair.ours->receive(), Progress::WouldBlock);
  pair.write(std::string_view(kRequest).substr(20));
  EXPECT_EQ(pair.ours->receive(), Progress::Done);
  EXPECT_EQ(pair.ours->decoder().arguments().size(), 3U);
}

TEST(ReceiveFirst, ReadsAWholeRequest) {
  ConnectionPair pair;
  pair.write(kRequest);
  EXPECT_EQ(pair.ours->receive_first(), kRequest);
  EXPECT_EQ(pair.ours->receive(), Progress::Done);
  EXPECT_EQ(pair.ours->decoder().arguments().size(), 3U);
  int unread = 0;
  EXPECT_EQ(::ioctl(pair.ours->fd(), FIONREAD, &unread), 0);
  EXPECT_EQ(unread, 0);
  pair.ours->set_reply(plain("reply"));
  EXPECT_EQ(pair.ours->send(), Progress::Done);
  pair.ours.reset();
  std::array<char, 16> bytes{};
  EXPECT_EQ(::recv(pair.theirs.get(), bytes.data(), bytes.size(), 0), 5);
  EXPECT_EQ(::recv(pair.theirs.get(), bytes.data(), bytes.size(), 0), 0);  // the end, not ECONNRESET
}

TEST(ReceiveFirst, ReadsAPart) {
  ConnectionPair pair;
  EXPECT_EQ(pair.ours->receive_first(), "");
  pair.write(std::string_view(kRequest).substr(0, 20));
  EXPECT_EQ(pair.ours->receive_first(), std::string_view(kRequest).substr(0, 20));
  EXPECT_EQ(pair.ours->receive(), Progress::WouldBlock);
  pair.write(std::string_view(kRequest).substr(20));
  EXPECT_EQ(pair.ours->receive(), Progress::Done);
  EXPECT_EQ(pair.ours->decoder().arguments().size(), 3U);
}

TEST(ReceiveFirst, ReadsTheBeginningOfALargeRequest) {
  ConnectionPair pair;
  const std::string request = encode_request("/w", {"g++", std::string(100'000, 'x'), "x.cc"});
  std::thread writer([&] { pair.write(request); });
  while (pair.ours->receive_first().empty()) std::this_thread::yield();
  while (pair.ours->receive() == Progress::WouldBlock) std::this_thread::yield();
  writer.join();
  EXPECT_EQ(pair.ours->decoder().state(), RequestDecoder::State::Complete);
  EXPECT_EQ(pair.ours->decoder().arguments()[1].size(), 100'000U);
}

TEST(Connection, ReceiveSoonWaitsForTheRest) {
  ConnectionPair pair;
  pair.write(std::string_view(kRequest).substr(0, 20));
  EXPECT_EQ(pair.ours->receive(), Progress::WouldBlock);
  EXPECT_EQ(pair.ours->receive_soon(1ms, 2ms), Progress::WouldBlock);
  pair.write(std::string_view(kRequest).substr(20));
  EXPECT_EQ(pair.ours->receive_soon(900ms, 10s), Progress::Done);
}

TEST(Connection, NoticesThatTheClientIsGone) {
  ConnectionPair pair;
  pair.write("CDIR");
  pair.theirs.reset();
  EXPECT_EQ(pair.ours->receive(), Progress::Gone);
}

TEST(Connection, SendsALongReplyInParts) {
  ConnectionPair pair;
  pair.ours->set_reply(plain(std::string(8U << 20U, 'r')));
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

TEST(Connection, TheDescriptorOfTheFragmentsComesWithTheFirstByte) {
  ConnectionPair pair;
  const auto fragments = *Fragments::create();
  ASSERT_TRUE(fragments->link("/l", "/target"));
  Reply reply = plain(std::string(1U << 20U, 'r'));
  reply.fragments = fragments;
  pair.ours->set_reply(reply);
  EXPECT_EQ(pair.ours->send(), Progress::WouldBlock);
  std::vector<int> received;
  std::size_t total = 0;
  while (total < reply.encoded->size()) {
    std::array<char, 65536> part;
    std::array<char, CMSG_SPACE(4 * sizeof(int))> control{};
    iovec bytes{part.data(), part.size()};
    msghdr message{};
    message.msg_iov = &bytes;
    message.msg_iovlen = 1;
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    const ssize_t got = ::recvmsg(pair.theirs.get(), &message, MSG_CMSG_CLOEXEC);
    ASSERT_GT(got, 0);
    const cmsghdr* const header = CMSG_FIRSTHDR(&message);
    EXPECT_EQ(header != nullptr, total == 0) << "after " << total << " bytes";
    if (header != nullptr) {
      ASSERT_EQ(header->cmsg_len, CMSG_LEN(sizeof(int)));
      received.emplace_back();
      std::memcpy(&received.back(), CMSG_DATA(header), sizeof(int));
    }
    total += static_cast<std::size_t>(got);
    (void)pair.ours->send();
  }
  ASSERT_EQ(received.size(), 1U);
  const os::UniqueFd file(received[0]);
  std::array<char, 64> content{};
  EXPECT_EQ(::pread(file.get(), content.data(), content.size(), 0), static_cast<ssize_t>(fragments->bytes()));
  EXPECT_STREQ(content.data(), "NAME00000002/lLINK00000007/target");
}

TEST(Connection, SendingToAClientThatIsGoneGivesNoSignal) {
  ConnectionPair pair;
  pair.ours->set_reply(plain("ARGC00000000"));
  pair.theirs.reset();
  EXPECT_EQ(pair.ours->send(), Progress::Gone);  // and no SIGPIPE
}

}  // namespace
}  // namespace pump::include_server
