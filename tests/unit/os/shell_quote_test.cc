#include "pump/os/shell_quote.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <random>

#include "pump/os/process.h"

namespace pump::os {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::string all_bytes() {
  std::string bytes;
  for (int c = 1; c < 256; ++c) bytes += static_cast<char>(c);
  return bytes;
}

/// What a shell makes of the quoted value, printed and read back.
void expect_survives(const std::string& shell, const std::string& value) {
  const auto path = find_program(shell, std::getenv("PATH"));
  if (!path) return;
  SpawnOptions options;
  options.program = *path;
  // The X keeps trailing newlines out of $(…)'s reach; eval is how `--startup` is used.
  options.argv = {shell, "-c", "eval \"V=$1\"; printf '%sX' \"$V\"", shell, shell_quote(value)};
  options.environment = Environment::from_strings({"LC_ALL=C", "PATH=/usr/bin:/bin"});
  const auto result = run(options, std::chrono::seconds(60));
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->out, value + "X") << shell << ": " << result->err;
}

class ShellQuote : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    if (!find_program(GetParam(), std::getenv("PATH"))) GTEST_SKIP() << GetParam() << " is not installed";
  }
};

TEST_P(ShellQuote, EveryByteButNulSurvives) {
  expect_survives(GetParam(), all_bytes());
  expect_survives(GetParam(), "");
  expect_survives(GetParam(), "'");
  expect_survives(GetParam(), "''\\''");
  expect_survives(GetParam(), "\n\n");
  expect_survives(GetParam(), "$(touch /nonexistent/x) `id` $HOME !! ~");
}

TEST_P(ShellQuote, RandomStringsOfAwkwardBytesSurvive) {
  constexpr std::string_view kAwkward = "'\"\\$`!\n\t ~#&;|<>(){}[]*?=%^a\x80\xff";
  std::mt19937 random(12345);  // NOLINT(cert-msc51-cpp): reproducible on purpose
  std::string value;
  for (int i = 0; i < 3000; ++i) value += kAwkward[random() % kAwkward.size()];
  expect_survives(GetParam(), value);
}

INSTANTIATE_TEST_SUITE_P(Shells, ShellQuote, testing::Values("sh", "dash", "bash", "zsh", "ksh"),
                         [](const auto& shell) { return shell.param; });

std::vector<std::string> split(std::string_view text) {
  const auto words = split_shell_words(text);
  EXPECT_TRUE(words) << words.error().message;
  return words.value_or(std::vector<std::string>{"error"});
}

TEST(SplitShellWords, BlanksSeparateAndQuotesJoin) {
  EXPECT_THAT(split(""), IsEmpty());
  EXPECT_THAT(split(" \t\n "), IsEmpty());
  EXPECT_THAT(split("a  b\tc\nd"), ElementsAre("a", "b", "c", "d"));
  EXPECT_THAT(split("'a b' \"c d\" e\\ f"), ElementsAre("a b", "c d", "e f"));
  EXPECT_THAT(split("a'b'\"c\"\\d"), ElementsAre("abcd"));
  EXPECT_THAT(split("'' \"\""), ElementsAre("", ""));
}

TEST(SplitShellWords, SplitsTheExampleOfTheManual) {
  EXPECT_THAT(split("'--stat_reset_triggers=\"*\"' -x"), ElementsAre("--stat_reset_triggers=\"*\"", "-x"));
}

TEST(SplitShellWords, BackslashInDoubleQuotesQuotesFourCharactersOnly) {
  EXPECT_THAT(split(R"("\$ \` \" \\ \a")"), ElementsAre(R"($ ` " \ \a)"));
  EXPECT_THAT(split("\"a\\\nb\" c\\\nd"), ElementsAre("ab", "cd"));
  EXPECT_THAT(split("'a\\'"), ElementsAre("a\\"));
  EXPECT_THAT(split("a\\"), ElementsAre("a\\"));
}

TEST(SplitShellWords, NothingIsExpanded) {
  EXPECT_THAT(split("$HOME `id` $(id) * ~ #c"), ElementsAre("$HOME", "`id`", "$(id)", "*", "~", "#c"));
}

TEST(SplitShellWords, AnOpenQuoteIsAnError) {
  for (const std::string text : {"'abc", "a\"bc", "'a' 'b"}) {
    const auto words = split_shell_words(text);
    ASSERT_FALSE(words) << text;
    EXPECT_THAT(words.error().message, HasSubstr(text));
  }
  EXPECT_THAT(split_shell_words("x 'abc").error().message, HasSubstr("' quote"));
  EXPECT_THAT(split_shell_words("x \"abc").error().message, HasSubstr("\" quote"));
}

TEST(SplitShellWords, UndoesShellQuote) {
  const std::string value = all_bytes();
  EXPECT_THAT(split(shell_quote(value) + " " + shell_quote("")), ElementsAre(value, ""));
}

TEST(SplitBlanks, QuotesAreOrdinaryCharacters) {
  EXPECT_THAT(split_blanks(" -a 'b c'\n\t-d "), ElementsAre("-a", "'b", "c'", "-d"));
  EXPECT_THAT(split_blanks(""), IsEmpty());
}

}  // namespace
}  // namespace pump::os
