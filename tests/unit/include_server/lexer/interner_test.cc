#include "pump/include_server/lexer/interner.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace pump::include_server {
namespace {

TEST(Interner, EqualSpellingsAreOneSymbol) {
  const Symbol one = intern("symbols_test_one"), other = intern("symbols_test_other");
  EXPECT_NE(one, other);
  EXPECT_EQ(intern("symbols_test_one"), one);
  EXPECT_EQ(intern_given("symbols_test_one"), one);
  EXPECT_EQ(spelling(one), "symbols_test_one");
  EXPECT_GT(symbol_count(), std::max(one, other));
}

TEST(Interner, EmptyAndKnownSpellingsHaveFixedNumbers) {
  EXPECT_EQ(intern(""), known::kEmpty);
  EXPECT_EQ(intern("defined"), known::kDefined);
  EXPECT_EQ(intern("<=>"), known::kSpaceship);
  EXPECT_EQ(spelling(known::kVaOpt), "__VA_OPT__");
  EXPECT_TRUE(is_mentioned("defined"));
}

/// Bytes that may_make() grants, in pieces of 1 MiB.
std::size_t all_that_may_be_made() {
  std::size_t granted = 0;
  while (may_make("symbols_test_" + std::string(1U << 20U, 'x'))) granted += 1U << 20U;
  return granted;
}

TEST(Interner, WhatExpansionMakesIsBounded) {
  intern("symbols_test_known");
  EXPECT_EQ(may_make("symbols_test_known"), 0U);
  EXPECT_EQ(may_make("symbols_test_made"), 17U);
  // In a process of its own, because afterwards nothing may be made.
  EXPECT_EXIT(
      {
        const std::size_t granted = all_that_may_be_made();
        const bool known = may_make("symbols_test_known") == 0U;
        std::_Exit(granted <= kMostMade && granted >= kMostMade / 2 && known ? 0 : 1);
      },
      testing::ExitedWithCode(0), "");
}

TEST(Interner, AGivenNameIsNotMentioned) {
  EXPECT_FALSE(is_mentioned("symbols_test_given"));
  const Symbol given = intern_given("symbols_test_given");
  EXPECT_FALSE(is_mentioned("symbols_test_given"));
  EXPECT_EQ(intern_given("symbols_test_given"), given);
  EXPECT_FALSE(is_mentioned("symbols_test_given"));
  EXPECT_EQ(intern("symbols_test_given"), given);
  EXPECT_TRUE(is_mentioned("symbols_test_given"));
  EXPECT_EQ(intern_given("symbols_test_given"), given);
  EXPECT_TRUE(is_mentioned("symbols_test_given")) << "a mention is permanent";
}

TEST(Interner, KeepsLongSpellings) {
  const std::string text(200'000, 'x');
  const Symbol symbol = intern(text);
  EXPECT_EQ(spelling(symbol), text);
  EXPECT_EQ(intern(text), symbol);
}

// Threads add the same words in different orders while the tables grow.
TEST(Interner, SymbolsAreTheSameInAllThreads) {
  constexpr std::size_t kWords = 20'000, kThreads = 4;
  const auto word = [](std::size_t i) { return "symbols_test_word_" + std::to_string(i); };
  std::vector<std::vector<Symbol>> found(kThreads, std::vector<Symbol>(kWords));
  std::vector<std::thread> threads;
  for (std::size_t t = 0; t < kThreads; ++t)
    threads.emplace_back([&, t] {
      for (std::size_t n = 0; n < kWords; ++n) {
        const std::size_t i = t % 2 == 0 ? n : kWords - 1 - n;
        found[t][i] = (i + t) % 3 == 0 ? intern_given(word(i)) : intern(word(i));
      }
    });
  for (std::thread& thread : threads) thread.join();
  for (std::size_t i = 0; i < kWords; ++i) {
    for (std::size_t t = 0; t < kThreads; ++t) ASSERT_EQ(found[t][i], found[0][i]) << word(i);
    ASSERT_EQ(spelling(found[0][i]), word(i));
    ASSERT_TRUE(is_mentioned(word(i))) << word(i);
  }
}

}  // namespace
}  // namespace pump::include_server
