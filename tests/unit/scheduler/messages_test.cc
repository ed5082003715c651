#include "pump/scheduler/messages.h"

#include <gmock/gmock.h>

#include <random>

namespace pump::scheduler {
namespace {

using std::string_literals::operator""s;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

template <typename Kind>
Kind through_packet(const Kind& message) {
  const auto decoded = decode(encode(message));
  return decoded && std::holds_alternative<Kind>(*decoded) ? std::get<Kind>(*decoded) : Kind{};
}

TEST(Messages, AWantKeepsItsFields) {
  const Want want = through_packet(Want{"a,cpp,lzo b/3,cpp,lzo",
                                        "g++",
                                        "/b\nx.o",
                                        123456789012,
                                        "ninja 7",
                                        "/home/u/.distcc",
                                        "x.cc",
                                        {"a,cpp,lzo", "b/3,cpp,lzo"}});
  EXPECT_EQ(want.hosts, "a,cpp,lzo b/3,cpp,lzo");
  EXPECT_EQ(want.compiler, "g++");
  EXPECT_EQ(want.unit, "/b\nx.o");
  EXPECT_EQ(want.size, 123456789012U);
  EXPECT_EQ(want.build, "ninja 7");
  EXPECT_EQ(want.distcc_directory, "/home/u/.distcc");
  EXPECT_EQ(want.source, "x.cc");
  EXPECT_THAT(want.failed, ElementsAre("a,cpp,lzo", "b/3,cpp,lzo"));
}

TEST(Messages, AWantWithoutFailedHostsHasNone) {
  EXPECT_THAT(through_packet(Want{"a", "cc", "", 0, "", "", "", {}}).failed, IsEmpty());
}

TEST(Messages, ADoneKeepsItsFields) {
  const Done done = through_packet(Done{Outcome::NoSpace, "disk full", 0.001, 0.25, 12.5, 0.000001});
  EXPECT_EQ(done.outcome, Outcome::NoSpace);
  EXPECT_EQ(done.detail, "disk full");
  EXPECT_DOUBLE_EQ(done.connecting, 0.001);
  EXPECT_DOUBLE_EQ(done.sending, 0.25);
  EXPECT_DOUBLE_EQ(done.compiling, 12.5);
  EXPECT_DOUBLE_EQ(done.receiving, 0.000001);
}

TEST(Messages, AGrantKeepsItsFields) {
  const Grant grant = through_packet(Grant{"a/12,cpp,lzo", 11, 2.5, {"192.0.2.1", "2001:db8::1"}});
  EXPECT_EQ(grant.host, "a/12,cpp,lzo");
  EXPECT_EQ(grant.slot, 11U);
  EXPECT_DOUBLE_EQ(grant.predicted, 2.5);
  EXPECT_THAT(grant.addresses, ElementsAre("192.0.2.1", "2001:db8::1"));
}

TEST(Messages, TheOthersKeepTheirFields) {
  EXPECT_EQ(through_packet(Local{"hosts-down", "a: refused"}).reason, "hosts-down");
  EXPECT_EQ(through_packet(Local{"hosts-down", "a: refused"}).detail, "a: refused");
  for (const MoveCause cause : {MoveCause::Faster, MoveCause::NoAnswer, MoveCause::Stopped}) {
    EXPECT_EQ(through_packet(Move{cause, "slow"}).cause, cause);
    EXPECT_EQ(through_packet(Move{cause, "slow"}).reason, "slow");
  }
  EXPECT_EQ(through_packet(Connected{"::1"}).address, "::1");
  EXPECT_EQ(through_packet(StatusReply{"{}"}).json, "{}");
  EXPECT_TRUE(std::holds_alternative<Connected>(*decode(encode(Connected{}))));
  EXPECT_TRUE(std::holds_alternative<StatusRequest>(*decode(encode(StatusRequest{}))));
}

TEST(Messages, EachOutcomeHasAName) {
  for (int i = 0; i <= static_cast<int>(Outcome::Moved); ++i) {
    const auto outcome = static_cast<Outcome>(i);
    EXPECT_EQ(outcome_named(name(outcome)), outcome) << i;
  }
  EXPECT_EQ(outcome_named("mystery"), std::nullopt);
}

TEST(Messages, AFieldEndsAtItsFirstNul) {
  EXPECT_EQ(through_packet(Move{MoveCause::Faster, "a\0b"s}).reason, "a");
}

TEST(Messages, WhatIsNoMessageIsAnError) {
  for (const std::string& packet :
       {""s, "\0"s, "want"s, "want\0"s, "hello\0"s, "move\0reason"s, "move\0reason\0more\0"s,
        "move\0faster\0"s, "move\0faster\0x\0y\0"s, "connected\0"s, "connected\0x\0y\0"s,
        "host\0a\0-1\0"
        "1.0\0"s,
        "host\0a\0"
        "1\0nan\0"s,
        "host\0a\0"
        "1\0-1\0"s,
        "host\0a\0"
        "1x\0"
        "1\0"s,
        "host\0a\0"
        "99999999999\0"
        "1\0"s,
        "host\0a\0\0"
        "1\0"s,
        "done\0mystery\0\0"
        "1\0"
        "1\0"
        "1\0"
        "1\0"s,
        "done\0ok\0\0"
        "1\0"
        "1\0"
        "1\0"s}) {
    EXPECT_FALSE(decode(packet)) << testing::PrintToString(packet);
  }
  EXPECT_THAT(decode("local\0reason\0"s).error().message, HasSubstr("local"));
}

TEST(Messages, APacketHasALimit) {
  EXPECT_TRUE(decode("state\0"s + std::string(kMostBytes - 7, 'x') + "\0"s));
  EXPECT_FALSE(decode("state\0"s + std::string(kMostBytes - 6, 'x') + "\0"s));
}

TEST(Messages, RandomPacketsDoNoHarm) {
  std::mt19937 random(1);
  const std::string valid = encode(Grant{"a/12,cpp,lzo", 11, 2.5, {"192.0.2.1"}});
  for (int i = 0; i < 20000; ++i) {
    std::string packet = valid;
    for (unsigned change = random() % 4; change > 0; --change)
      packet[random() % packet.size()] = static_cast<char>(random() % 256);
    packet.resize(random() % (packet.size() + 1));
    if (const auto message = decode(packet)) {
      EXPECT_TRUE(decode(encode(*message)));
    }
  }
}

}  // namespace
}  // namespace pump::scheduler
