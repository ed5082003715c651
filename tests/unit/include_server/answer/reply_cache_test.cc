#include "pump/include_server/answer/reply_cache.h"

#include <gtest/gtest.h>

#include "pump/include_server/support/protocol.h"

namespace pump::include_server {
namespace {

std::shared_ptr<CachedReply> entry_of(std::size_t bytes) {
  auto entry = std::make_shared<CachedReply>();
  auto encoded = std::make_shared<std::string>(bytes, 'x');
  encoded->shrink_to_fit();
  entry->reply.encoded = std::move(encoded);
  return entry;
}
ContentHash key(std::uint64_t number) {
  return {number, 0};
}

TEST(ReplyCache, FindsWhatWasStored) {
  ReplyCache cache(1U << 20U);
  EXPECT_EQ(cache.find(key(1)), nullptr);
  const auto entry = entry_of(10);
  cache.store(key(1), entry);
  EXPECT_EQ(cache.find(key(1)), entry);
  EXPECT_EQ(cache.find({1, 1}), nullptr);
  EXPECT_EQ(cache.bytes(), entry->bytes());
}

TEST(ReplyCache, StoringAgainReplaces) {
  ReplyCache cache(1U << 20U);
  cache.store(key(1), entry_of(10'000));
  const auto fresh = entry_of(10);
  cache.store(key(1), fresh);
  EXPECT_EQ(cache.find(key(1)), fresh);
  EXPECT_EQ(cache.bytes(), fresh->bytes());
}

TEST(ReplyCache, DropsTheLeastRecentlyUsed) {
  ReplyCache cache(3 * entry_of(1000)->bytes());
  for (std::uint64_t i = 1; i <= 3; ++i) cache.store(key(i), entry_of(1000));
  EXPECT_NE(cache.find(key(1)), nullptr);  // used: now 2 is the oldest
  cache.store(key(4), entry_of(1000));
  EXPECT_EQ(cache.find(key(2)), nullptr);
  EXPECT_NE(cache.find(key(1)), nullptr);
  EXPECT_NE(cache.find(key(3)), nullptr);
  EXPECT_NE(cache.find(key(4)), nullptr);
}

TEST(ReplyCache, StaysWithinItsBytes) {
  ReplyCache cache(100'000);
  for (std::uint64_t i = 0; i < 1000; ++i) {
    cache.store(key(i), entry_of(1 + i * 7));
    ASSERT_LE(cache.bytes(), 100'000U);
  }
  cache.clear();
  EXPECT_EQ(cache.bytes(), 0U);
  EXPECT_EQ(cache.find(key(999)), nullptr);
}

TEST(ReplyCache, OneEntryLargerThanAllIsKeptAlone) {
  ReplyCache cache(100);
  cache.store(key(1), entry_of(1000));
  EXPECT_NE(cache.find(key(1)), nullptr);
  cache.store(key(2), entry_of(10));
  EXPECT_EQ(cache.find(key(1)), nullptr);
}

Request request_of(std::string cwd, std::vector<std::string> argv, std::string block) {
  Request request;
  request.cwd = std::move(cwd);
  request.argv = std::move(argv);
  request.environment_block = std::move(block);
  return request;
}

ContentHash request_key(const Request& request) {
  return request_key(encode_request(request.cwd, request.argv), *Environments().of(request));
}

TEST(RequestKey, DependsOnWhatTheCompilerSees) {
  using namespace std::string_literals;
  const ContentHash base = request_key(request_of("/w", {"g++", "-c", "x.cc"}, "PATH=/bin\0USER=me\0"s));
  EXPECT_EQ(base, request_key(request_of("/w", {"g++", "-c", "x.cc"}, "PATH=/bin\0USER=me\0"s)));
  EXPECT_EQ(base, request_key(request_of("/w", {"g++", "-c", "x.cc"}, "USER=you\0PATH=/bin\0"s)));
  EXPECT_EQ(base, request_key(request_of("/w", {"g++", "-c", "x.cc"}, "PATH=/bin"s)));
  EXPECT_NE(base, request_key(request_of("/v", {"g++", "-c", "x.cc"}, "PATH=/bin\0"s)));
  EXPECT_NE(base, request_key(request_of("/w", {"g++", "-c", "x.cc", ""}, "PATH=/bin\0"s)));
  EXPECT_NE(base, request_key(request_of("/w", {"g++", "-cx.cc"}, "PATH=/bin\0"s)));
  EXPECT_NE(base, request_key(request_of("/w", {"g++", "-c", "x.cc"}, "PATH=/usr/bin\0"s)));
  EXPECT_NE(base, request_key(request_of("/w", {"g++", "-c", "x.cc"}, "PATH=/bin\0COMPILER_PATH=/x\0"s)));
}

TEST(RequestKey, DependsOnEachVariableThatTheCompilerHeeds) {
  using namespace std::string_literals;
  const ContentHash base = request_key(request_of("/w", {"g++"}, "USER=me\0"s));
  for (const char* name :
       {"PATH", "GCC_EXEC_PREFIX", "COMPILER_PATH", "LIBRARY_PATH", "SDKROOT", "MACOSX_DEPLOYMENT_TARGET",
        "CCC_OVERRIDE_OPTIONS", "CLANG_CONFIG_FILE_SYSTEM_DIR", "CLANG_CONFIG_FILE_USER_DIR",
        "CLANG_NO_DEFAULT_CONFIG", "GCC_COMPARE_DEBUG", "LD_LIBRARY_PATH", "LD_PRELOAD", "HOME"}) {
    const ContentHash set = request_key(request_of("/w", {"g++"}, "USER=me\0"s + name + "=/x\0"s));
    const ContentHash empty = request_key(request_of("/w", {"g++"}, "USER=me\0"s + name + "=\0"s));
    EXPECT_NE(base, set) << name;
    EXPECT_NE(base, empty) << name;
    EXPECT_NE(set, empty) << name;
  }
}

TEST(RequestKey, BoundariesBetweenStringsCount) {
  EXPECT_NE(request_key(request_of("/w", {"ab", "c"}, "A=1")),
            request_key(request_of("/w", {"a", "bc"}, "A=1")));
  EXPECT_NE(request_key(request_of("/wa", {"b"}, "A=1")), request_key(request_of("/w", {"ab"}, "A=1")));
}

TEST(RequestKey, ParsedAndRawEnvironmentAgree) {
  Request parsed = request_of("/w", {"cc"}, "");
  parsed.environment.set("PATH", "/bin");
  parsed.environment.set("USER", "me");
  using namespace std::string_literals;
  EXPECT_EQ(request_key(parsed), request_key(request_of("/w", {"cc"}, "PATH=/bin\0USER=me\0"s)));
}

}  // namespace
}  // namespace pump::include_server
