#include "pump/include_server/server/waiting_room.h"

#include <gtest/gtest.h>

#include <thread>

#include "tests/unit/include_server/server/connection_pair.h"

namespace pump::include_server {
namespace {

using namespace std::chrono_literals;
using Progress = Connection::Progress;

TEST(WaitingRoom, AConnectionIsTakenOnce) {
  WaitingRoom room;
  ConnectionPair pair(5);
  room.put(std::move(pair.ours));
  EXPECT_EQ(room.size(), 1U);
  EXPECT_EQ(room.take(6), nullptr);
  EXPECT_NE(room.take(5), nullptr);
  EXPECT_EQ(room.take(5), nullptr);
  EXPECT_EQ(room.size(), 0U);
}

TEST(WaitingRoom, TheLongestIdleIsTakenFirst) {
  WaitingRoom room;
  ConnectionPair first(1), second(2);
  room.put(std::move(first.ours));
  room.put(std::move(second.ours));
  EXPECT_EQ(room.take_longest(1h), nullptr);
  EXPECT_EQ(room.take_longest(0ms)->number(), 1U);
  EXPECT_EQ(room.take_longest(0ms)->number(), 2U);
  EXPECT_EQ(room.take_longest(0ms), nullptr);
}

TEST(WaitingRoom, CountsBytesHeld) {
  WaitingRoom room;
  ConnectionPair pair(1);
  pair.write("CDIR00000100");
  EXPECT_EQ(pair.ours->receive(), Progress::WouldBlock);
  room.put(std::move(pair.ours));
  EXPECT_EQ(room.bytes_held(), 12U);
  static_cast<void>(room.take(1));
  EXPECT_EQ(room.bytes_held(), 0U);
}

TEST(WaitingRoom, TakesAllOverdue) {
  WaitingRoom room;
  ConnectionPair first(1), second(2);
  room.put(std::move(first.ours));
  room.put(std::move(second.ours));
  EXPECT_TRUE(room.take_overdue(1h, 1h).empty());
  std::this_thread::sleep_for(2ms);
  EXPECT_EQ(room.take_overdue(1h, 1ms).size(), 2U);
  EXPECT_EQ(room.size(), 0U);
}

}  // namespace
}  // namespace pump::include_server
