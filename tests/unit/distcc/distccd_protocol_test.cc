#include "pump/distcc/distccd_protocol.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include "pump/distcc/lzo.h"
#include "pump/os/format.h"

namespace pump::distcc {
namespace {

using State = ReplyDecoder::State;
using testing::HasSubstr;

std::string part(const std::string& token, const std::string& bytes) {
  const std::string packed = bytes.empty() ? "" : lzo_compress(bytes).value();
  return os::format("{}{:08x}{}", token, packed.size(), packed);
}

std::string beginning(unsigned status) {
  return os::format("DONE00000003STAT{:08x}", status);
}

const std::string kObject = "\177ELF" + std::string(5000, 'o');
const std::string kReply = beginning(0) + part("SERR", "a.cc:1: warning: x\n") + part("SOUT", "") +
                           part("DOTO", kObject) + part("DOTD", "a.o: a.cc a.h\n");
const std::string kFailed =
    beginning(0x100) + part("SERR", "a.cc:1: error: x\n") + part("SOUT", "out") + "DOTO00000000";

ReplyDecoder decoded(std::string_view bytes) {
  ReplyDecoder decoder;
  decoder.feed(bytes);
  return decoder;
}

void expect_malformed(std::string_view bytes, const std::string& why) {
  const ReplyDecoder decoder = decoded(bytes);
  EXPECT_EQ(decoder.state(), State::Malformed) << bytes.substr(0, 60);
  EXPECT_THAT(decoder.error(), HasSubstr(why)) << bytes.substr(0, 60);
}

TEST(EncodeJob, HasTheTokensOfPumpMode) {
  EXPECT_EQ(
      encode_job("/home/u", {"g++", "-c", ""}, 31),
      "DIST00000003CDIR00000007/home/uARGC00000003ARGV00000003g++ARGV00000002-cARGV00000000NFIL0000001f");
  EXPECT_EQ(encode_file_header("/p/a.h", 258), "NAME00000006/p/a.hFILE00000102");
  EXPECT_EQ(encode_link("/p/l", "../x"), "NAME00000004/p/lLINK00000004../x");
}

TEST(NameOnServer, IsThePathWithoutTheMirror) {
  EXPECT_EQ(name_on_server("/dev/shm/x.include_server-1-1/home/u/a.h.lzo"), "/home/u/a.h");
  EXPECT_EQ(name_on_server("/tmp/x.include_server-1-1/padding/a.h.lzo.abs"), "/a.h");
  EXPECT_EQ(name_on_server("/1/2/3/link"), "/link");
}

TEST(NameOnServer, StripsEachSuffixOnceAndAtTheEndOnly) {
  EXPECT_EQ(name_on_server("/1/2/3/a.lzo.lzo"), "/a.lzo");
  EXPECT_EQ(name_on_server("/1/2/3/a.abs.lzo"), "/a.abs");
  EXPECT_EQ(name_on_server("/1/2/3/d.lzo/b"), "/d.lzo/b");
}

TEST(NameOnServer, NeedsThreeComponentsOfTheMirror) {
  EXPECT_EQ(name_on_server("/1/2/3"), std::nullopt);
  EXPECT_EQ(name_on_server(""), std::nullopt);
}

TEST(ReplyDecoder, DecodesASuccess) {
  ReplyDecoder decoder = decoded(kReply);
  ASSERT_EQ(decoder.state(), State::Complete) << decoder.error();
  EXPECT_EQ(decoder.wait_status(), 0);
  EXPECT_EQ(decoder.messages(), "a.cc:1: warning: x\n");
  EXPECT_EQ(decoder.output(), "");
  EXPECT_EQ(decoder.object(), kObject);
  EXPECT_TRUE(decoder.has_dependencies());
  EXPECT_EQ(decoder.dependencies(), "a.o: a.cc a.h\n");
  EXPECT_EQ(decoder.received(), kReply.size());
}

TEST(ReplyDecoder, DecodesAFailureWhichHasNoRule) {
  ReplyDecoder decoder = decoded(kFailed);
  ASSERT_EQ(decoder.state(), State::Complete) << decoder.error();
  EXPECT_EQ(decoder.wait_status(), 0x100);
  EXPECT_EQ(decoder.messages(), "a.cc:1: error: x\n");
  EXPECT_EQ(decoder.output(), "out");
  EXPECT_EQ(decoder.object(), "");
  EXPECT_FALSE(decoder.has_dependencies());
}

TEST(ReplyDecoder, DecodesByteByByte) {
  for (const std::string& reply : {kReply, kFailed}) {
    ReplyDecoder decoder;
    EXPECT_FALSE(decoder.started());
    for (std::size_t i = 0; i + 1 < reply.size(); ++i) {
      ASSERT_EQ(decoder.feed(std::string_view(reply).substr(i, 1)), State::NeedsMore) << i;
      EXPECT_TRUE(decoder.started());
    }
    EXPECT_EQ(decoder.feed(std::string_view(reply).substr(reply.size() - 1)), State::Complete);
    EXPECT_EQ(decoder.object(), decoded(reply).object());
  }
}

TEST(ReplyDecoder, DecodesTwoPiecesOfAnySize) {
  for (std::size_t cut = 0; cut < kReply.size(); ++cut) {
    ReplyDecoder decoder;
    ASSERT_EQ(decoder.feed(std::string_view(kReply).substr(0, cut)), State::NeedsMore) << cut;
    ASSERT_EQ(decoder.feed(std::string_view(kReply).substr(cut)), State::Complete) << cut;
    ASSERT_EQ(decoder.object(), kObject) << cut;
  }
}

TEST(ReplyDecoder, BytesAfterTheReplyAreAnError) {
  expect_malformed(kReply + "x", "after the end");
  expect_malformed(kFailed + part("DOTD", "x"), "after the end");
  ReplyDecoder decoder = decoded(kReply);
  EXPECT_EQ(decoder.feed(""), State::Complete);
  EXPECT_EQ(decoder.feed("x"), State::Malformed);
}

TEST(ReplyDecoder, NamesWhatIsNoReply) {
  expect_malformed("HTTP/1.1 400 Bad Request\r\n", "DONE is due, \"HTTP");
  expect_malformed("DI", "DONE is due, \"DI\"");
  expect_malformed("\x01\n", "\"??\"");
  expect_malformed("DONE0000000X", "no number");
  expect_malformed("DONE0000000A", "no number");
  expect_malformed("DONE00000002", "protocol 2");
  expect_malformed("DONE00000003SERR", "STAT is due");
}

TEST(ReplyDecoder, AStatusIsThatOfAProcessThatEnded) {
  expect_malformed(beginning(0x10000), "no wait status");
  expect_malformed(beginning(0xffffffff), "no wait status");
  expect_malformed(beginning(0x7f), "no wait status");
  EXPECT_EQ(decoded(beginning(9)).wait_status(), 9);
}

TEST(ReplyDecoder, AnObjectOfAFailedCompilerIsAnError) {
  expect_malformed(beginning(0x100) + part("SERR", "x") + part("SOUT", "") + part("DOTO", kObject),
                   "compiler failed");
}

TEST(ReplyDecoder, LengthsHaveLimits) {
  expect_malformed(beginning(0) + "SERRffffffff", "too long");
  expect_malformed(beginning(0) + "SERR05000000", "too long");
  expect_malformed(beginning(0) + part("SERR", "") + part("SOUT", "") + "DOTO90000000", "too long");
  EXPECT_EQ(decoded(beginning(0) + "SERR00000000SOUT04000000").state(), State::NeedsMore);
}

TEST(ReplyDecoder, DamagedCompressionIsAnError) {
  std::string damaged = kReply;
  damaged[damaged.find("DOTO") + 12] = '\0';
  expect_malformed(damaged, "damaged");
}

TEST(ReplyDecoder, APartThatGrowsBeyondItsLimitIsAnError) {
  const std::string bomb = part("SERR", std::string(kMostMessages + 1, 'a'));
  ASSERT_LT(bomb.size(), 1U << 20U);
  expect_malformed(beginning(0) + bomb, "more than");
}

TEST(ReplyDecoder, AnAnnouncedLengthTakesNoMemory) {
  const auto peak = [] {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;  // KiB
  };
  const long before = peak();
  std::vector<ReplyDecoder> decoders(100);
  for (ReplyDecoder& decoder : decoders)
    decoder.feed(beginning(0) + part("SERR", "") + part("SOUT", "") + "DOTO80000000x");
  EXPECT_LT(peak() - before, 100L << 10U);
}

TEST(ReplyDecoder, AMalformedReplyStaysMalformed) {
  ReplyDecoder decoder = decoded("x");
  EXPECT_EQ(decoder.feed(kReply), State::Malformed);
}

}  // namespace
}  // namespace pump::distcc
