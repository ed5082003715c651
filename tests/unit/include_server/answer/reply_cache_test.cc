#include "pump/include_server/answer/reply_cache.h"

#include <gtest/gtest.h>

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

TEST(ReplyCache, StoringReplacesAnEntryOfTheSameKey) {
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

TEST(ReplyCache, KeepsOneEntryThatIsLargerThanTheCache) {
  ReplyCache cache(100);
  cache.store(key(1), entry_of(1000));
  EXPECT_NE(cache.find(key(1)), nullptr);
  cache.store(key(2), entry_of(10));
  EXPECT_EQ(cache.find(key(1)), nullptr);
}

}  // namespace
}  // namespace pump::include_server
