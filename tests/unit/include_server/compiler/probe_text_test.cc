#include "pump/include_server/compiler/probe_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pump::include_server {
namespace {

using testing::ElementsAre;

TEST(ProbeTextTest, ReadsTheAnswers) {
  EXPECT_FALSE(read_answers("pump_begin\npump_name 0\n").complete);
  const ProbeAnswers answers = read_answers(
      "pump_name 0\npump_value 0 0\npump_value 1 1\npump_value 2 201907L\n"
      "pump_value 3 __has_x(y)\npump_value 4 0 :y)\npump_value 5\npump_value 99999 1\npump_value 6 \n"
      "pump_raw pump_no_raw \"()\"\npump_comment / x\npump_directive 1 //2\n"
      "pump_separator 1'B'pump_no_separator\npump_trigraph \"#\"\npump_dollar x $pump_no_dollar\npump_end\n");
  EXPECT_TRUE(answers.complete);
  EXPECT_THAT(answers.builtin_names, ElementsAre("__has_include"));
  ASSERT_EQ(answers.known_queries.size(), 3U);
  EXPECT_EQ(answers.known_queries[0].second, 0);
  EXPECT_EQ(answers.known_queries[1].second, 1);
  EXPECT_EQ(answers.known_queries[2].second, 201907);
  EXPECT_FALSE(answers.lex.raw_strings || answers.lex.line_comments || answers.lex.digit_separators ||
               answers.lex.dollars || answers.lex.elifdef);
  EXPECT_TRUE(answers.lex.trigraphs && answers.lex.c90_comments);
  const Dialect nothing{.operator_words = false,
                        .true_is_one = false,
                        .shifts_reverse = false,
                        .ascii = false,
                        .wide_ascii = false};
  EXPECT_EQ(answers.dialect, nothing);
  EXPECT_FALSE(answers.lex.digraphs || answers.lex.unicode_names);
  const Dialect other =
      read_answers(
          "pump_true\npump_unsigned_char\npump_reverse\npump_words\npump_ascii\npump_wide_ascii\n"
          "pump_unsigned_wide\npump_comma keeps\n")
          .dialect;
  EXPECT_EQ(other, (Dialect{.signed_char = false, .signed_wide = false, .keeps_lone_comma = true}));
}

}  // namespace
}  // namespace pump::include_server
