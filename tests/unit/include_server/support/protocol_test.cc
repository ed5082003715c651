#include "pump/include_server/support/protocol.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pump::include_server {
namespace {

using State = RequestDecoder::State;
using testing::ElementsAre;
using testing::IsEmpty;

const std::string kRequest = encode_request("/home/me/build", {"g++", "-c", "", "a b.cc", "\xff\xfe.cc"});

RequestDecoder decoded(std::string_view bytes) {
  RequestDecoder decoder;
  decoder.feed(bytes);
  return decoder;
}

TEST(RequestDecoder, DecodesAWholeRequest) {
  RequestDecoder decoder = decoded(kRequest);
  ASSERT_EQ(decoder.state(), State::Complete);
  EXPECT_TRUE(decoder.has_directory());
  EXPECT_EQ(decoder.directory(), "/home/me/build");
  EXPECT_THAT(decoder.arguments(), ElementsAre("g++", "-c", "", "a b.cc", "\xff\xfe.cc"));
  EXPECT_EQ(decoder.received(), kRequest.size());
}

TEST(RequestDecoder, DecodesARequestInTwoPiecesOfAnySize) {
  for (std::size_t cut = 0; cut <= kRequest.size(); ++cut) {
    RequestDecoder decoder;
    const State first = decoder.feed(std::string_view(kRequest).substr(0, cut));
    EXPECT_EQ(first, cut == kRequest.size() ? State::Complete : State::NeedsMore) << cut;
    EXPECT_EQ(decoder.feed(std::string_view(kRequest).substr(cut)), State::Complete) << cut;
    EXPECT_EQ(decoder.directory(), "/home/me/build") << cut;
    EXPECT_EQ(decoder.arguments().size(), 5U) << cut;
    EXPECT_EQ(decoder.arguments().back(), "\xff\xfe.cc") << cut;
  }
}

TEST(RequestDecoder, DecodesByteByByte) {
  RequestDecoder decoder;
  for (std::size_t i = 0; i + 1 < kRequest.size(); ++i) {
    ASSERT_EQ(decoder.feed(std::string_view(kRequest).substr(i, 1)), State::NeedsMore) << i;
  }
  EXPECT_EQ(decoder.feed(std::string_view(kRequest).substr(kRequest.size() - 1)), State::Complete);
}

TEST(RequestDecoder, AnyTruncatedRequestNeedsMore) {
  for (std::size_t size = 0; size < kRequest.size(); ++size) {
    EXPECT_EQ(decoded(std::string_view(kRequest).substr(0, size)).state(), State::NeedsMore) << size;
  }
}

TEST(RequestDecoder, AnyDamagedTokenByteIsRefused) {
  const std::string request = encode_request("/d", {"cc"});
  const std::size_t cdir = 0, argc = 14, argv = 26;
  for (const std::size_t token : {cdir, argc, argv}) {
    for (std::size_t i = token; i < token + 4; ++i) {
      std::string damaged = request;
      damaged[i] = static_cast<char>(damaged[i] + 1);
      EXPECT_EQ(decoded(damaged).error(), ProtocolError::BadToken) << i;
    }
    for (std::size_t i = token + 4; i < token + 12; ++i) {
      for (const char bad : {'A', 'g', ' ', '-', 'x', '\0', '\xff'}) {
        std::string damaged = request;
        damaged[i] = bad;
        EXPECT_EQ(decoded(damaged).error(), ProtocolError::BadNumber) << i;
      }
    }
  }
}

TEST(RequestDecoder, AcceptsAClientWithoutWorkingDirectory) {
  RequestDecoder decoder = decoded(encode_reply({"gcc", "-c", "/x.c"}));
  ASSERT_EQ(decoder.state(), State::Complete);
  EXPECT_FALSE(decoder.has_directory());
  EXPECT_THAT(decoder.arguments(), ElementsAre("gcc", "-c", "/x.c"));
}

TEST(RequestDecoder, AcceptsAnEmptyDirectoryAndNoArguments) {
  RequestDecoder decoder = decoded("CDIR00000000ARGC00000000");
  EXPECT_EQ(decoder.state(), State::Complete);
  EXPECT_EQ(decoder.directory(), "");
  EXPECT_THAT(decoder.arguments(), IsEmpty());
}

TEST(RequestDecoder, LengthsAreLimited) {
  EXPECT_EQ(decoded("CDIR00001001").error(), ProtocolError::DirectoryTooLong);
  EXPECT_EQ(decoded("CDIR00001000").state(), State::NeedsMore);
  EXPECT_EQ(decoded("CDIRffffffff").error(), ProtocolError::DirectoryTooLong);
  EXPECT_EQ(decoded("CDIR00000001/ARGC000186a1").error(), ProtocolError::TooManyArguments);
  EXPECT_EQ(decoded("CDIR00000001/ARGC000186a0").state(), State::NeedsMore);
  EXPECT_EQ(decoded("CDIR00000001/ARGC00000001ARGV00100001").error(), ProtocolError::ArgumentTooLong);
  EXPECT_EQ(decoded("CDIR00000001/ARGC00000001ARGV00100000").state(), State::NeedsMore);
  EXPECT_EQ(decoded("CDIR00000001/ARGCffffffff").error(), ProtocolError::TooManyArguments);
}

TEST(RequestDecoder, SizeOfARequestIsLimited) {
  const std::vector<std::string> arguments(9, std::string(kMaxArgument, 'a'));
  const std::string request = encode_request("/", arguments);
  RequestDecoder decoder;
  State state = State::NeedsMore;
  for (std::size_t i = 0; i < request.size() && state == State::NeedsMore; i += 65536) {
    state = decoder.feed(std::string_view(request).substr(i, 65536));
  }
  EXPECT_EQ(state, State::Malformed);
  EXPECT_EQ(decoder.error(), ProtocolError::RequestTooLong);
}

TEST(RequestDecoder, NulBytesAreRefused) {
  using namespace std::string_literals;
  EXPECT_EQ(decoded("CDIR00000002/\0"s).error(), ProtocolError::EmbeddedNul);
  EXPECT_EQ(decoded("CDIR00000001/ARGC00000001ARGV00000002a\0"s).error(), ProtocolError::EmbeddedNul);
}

TEST(RequestDecoder, TrailingBytesAreRefused) {
  EXPECT_EQ(decoded(kRequest + "x").error(), ProtocolError::TrailingBytes);
  EXPECT_EQ(decoded(kRequest + kRequest).error(), ProtocolError::TrailingBytes);
  RequestDecoder decoder = decoded(kRequest);
  EXPECT_EQ(decoder.feed("x"), State::Malformed);
  EXPECT_EQ(decoder.feed("x"), State::Malformed);
}

TEST(RequestDecoder, RecognisesTheStatusRequest) {
  EXPECT_EQ(decoded(kStatusRequest).state(), State::StatusRequest);
  EXPECT_EQ(decoded("STAT00000001").error(), ProtocolError::BadToken);
  EXPECT_EQ(decoded("STAT0000000").state(), State::NeedsMore);
  EXPECT_EQ(decoded(std::string(kStatusRequest) + "a").error(), ProtocolError::TrailingBytes);
  EXPECT_EQ(decoded("CDIR00000001/STAT00000000").error(), ProtocolError::BadToken);
}

TEST(RequestDecoder, ALauncherAsksForFragments) {
  EXPECT_FALSE(decoded(kRequest).wants_fragments());
  const std::string request = "FRAG00000001" + kRequest;
  for (std::size_t cut = 0; cut <= request.size(); ++cut) {
    RequestDecoder decoder;
    decoder.feed(std::string_view(request).substr(0, cut));
    EXPECT_EQ(decoder.feed(std::string_view(request).substr(cut)), State::Complete) << cut;
    EXPECT_TRUE(decoder.wants_fragments()) << cut;
    EXPECT_EQ(decoder.directory(), "/home/me/build") << cut;
  }
  for (const char* const start :
       {"FRAG00000002", "FRAG00000001FRAG00000001", "FRAG00000001STAT00000000", "FRAG"})
    EXPECT_EQ(decoded(start + kRequest).state(), State::Malformed) << start;
  EXPECT_EQ(decoded(kRequest + "FRAG00000001").state(), State::Malformed);
}

TEST(RequestDecoder, ALauncherAsksForPredictedFiles) {
  EXPECT_FALSE(decoded(kRequest).wants_predicted_files());
  const RequestDecoder decoder = decoded("PRED00000001" + kRequest);
  EXPECT_EQ(decoder.state(), State::Complete);
  EXPECT_TRUE(decoder.wants_predicted_files());
  EXPECT_FALSE(decoder.wants_fragments());
  for (const char* const start : {"PRED00000002", "PRED00000001PRED00000001", "FRAG00000001PRED00000001",
                                  "PRED00000001FRAG00000001", "PRED00000001STAT00000000"})
    EXPECT_EQ(decoded(start + kRequest).state(), State::Malformed) << start;
}

TEST(EncodeReply, MatchesTheProtocol) {
  EXPECT_EQ(encode_reply({}), kCannotAnswer);
  EXPECT_EQ(encode_reply({"/a/b/c/x.lzo", ""}), "ARGC00000002ARGV0000000c/a/b/c/x.lzoARGV00000000");
  std::string token;
  append_token(token, "ARGV", 0xdeadbeefU);
  EXPECT_EQ(token, "ARGVdeadbeef");
}

TEST(ProtocolErrors, HaveTexts) {
  for (int error = 0; error <= static_cast<int>(ProtocolError::TrailingBytes); ++error) {
    EXPECT_STRNE(describe(static_cast<ProtocolError>(error)), "unknown error") << error;
  }
}

}  // namespace
}  // namespace pump::include_server
