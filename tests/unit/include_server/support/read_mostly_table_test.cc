#include "pump/include_server/support/read_mostly_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace pump::include_server {
namespace {

using Table = ReadMostlyTable<std::uint32_t>;

std::uint64_t hash_of(std::uint32_t value) {
  return value * 0x9E37'79B9'7F4A'7C15ULL;
}
std::uint32_t find(const Table& table, std::uint32_t value) {
  return table.find(hash_of(value), [value](std::uint32_t other) { return other == value; });
}

TEST(ReadMostlyTable, FindsWhatWasInserted) {
  Table table;
  EXPECT_EQ(find(table, 1), 0U);
  for (std::uint32_t value = 1; value <= 1000; ++value) table.insert(hash_of(value), value);
  for (std::uint32_t value = 1; value <= 1000; ++value) EXPECT_EQ(find(table, value), value);
  EXPECT_EQ(find(table, 1001), 0U);
}

TEST(ReadMostlyTable, KeepsValuesOfEqualHashApart) {
  Table table;
  for (const std::uint32_t value : {1U, 2U, 3U}) table.insert(7, value);
  for (const std::uint32_t value : {1U, 2U, 3U})
    EXPECT_EQ(table.find(7, [value](std::uint32_t other) { return other == value; }), value);
}

TEST(ReadMostlyTable, ReplacesOneValue) {
  Table table;
  for (std::uint32_t value = 1; value <= 10; ++value) table.insert(hash_of(value), value);
  table.replace(
      hash_of(5), [](std::uint32_t value) { return value == 5; }, 50);
  EXPECT_EQ(table.find(hash_of(5), [](std::uint32_t value) { return value == 50; }), 50U);
  std::vector<std::uint32_t> values;
  table.for_each([&](std::uint32_t value) { values.push_back(value); });
  EXPECT_THAT(values, testing::UnorderedElementsAre(1, 2, 3, 4, 50, 6, 7, 8, 9, 10));
}

TEST(ReadMostlyTable, IsReadWhileAnotherThreadInserts) {
  constexpr std::uint32_t kLast = 20'000;
  Table table;
  std::atomic<std::uint32_t> inserted{0};
  std::jthread writer([&] {
    for (std::uint32_t value = 1; value <= kLast; ++value) {
      table.insert(hash_of(value), value);
      inserted.store(value, std::memory_order_release);
    }
  });
  for (std::uint32_t last = 0; last < kLast;) {
    last = inserted.load(std::memory_order_acquire);
    if (last > 0) {
      ASSERT_EQ(find(table, last), last);
    }
  }
}

}  // namespace
}  // namespace pump::include_server
