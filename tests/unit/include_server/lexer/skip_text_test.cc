#include "pump/include_server/lexer/skip_text.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "pump/include_server/lexer/scan.h"

namespace pump::include_server {
namespace {

bool in(char c, std::string_view set) {
  return set.find(c) != std::string_view::npos;
}

/// The contract of skip_plain_text(), byte by byte.
std::size_t skip_slowly(std::string_view text, std::size_t at) {
  std::size_t hit = at;
  while (hit < text.size() && !in(text[hit], "\n\r\\?\"'/") && text.substr(hit, 7) != "_Pragma" &&
         text.substr(hit, 11) != "_TIMESTAMP_" && text.substr(hit, 11) != "_BASE_FILE_" &&
         text.substr(hit, 7) != "_TIME__" && text.substr(hit, 7) != "_DATE__")
    ++hit;
  if (hit == text.size() || text[hit] == '\n' || text[hit] == '/') return hit;
  const auto word = [](char c) { return in(c, "ab_PRrgm01.$\xC3TIMESABFLD"); };
  while (hit > at && word(text[hit - 1])) --hit;
  return hit;
}

TEST(SkipText, FindsEveryPlaceThatMayMatter) {
  std::mt19937 random(1);
  const std::string_view common = "ab_R01. +(;", rare = "\n\r\\?\"'/P$\xC3";
  for (unsigned round = 0; round < 20000; ++round) {
    std::string text;
    for (auto size = random() % 70; size > 0; --size) {
      text += random() % 12 == 0 ? rare[random() % rare.size()] : common[random() % common.size()];
      if (random() % 30 == 0) text += std::string_view("_Pragma").substr(0, 5 + random() % 3);
      if (random() % 40 == 0) text += std::string_view("__TIMESTAMP__").substr(0, 3 + random() % 11);
      if (random() % 40 == 0) text += std::string_view("__BASE_FILE__").substr(0, 3 + random() % 11);
      if (random() % 40 == 0) text += std::string_view("__TIME__").substr(0, 3 + random() % 6);
      if (random() % 40 == 0) text += std::string_view("__DATE__").substr(0, 3 + random() % 6);
    }
    for (std::size_t at = 0; at <= text.size(); at += 1 + random() % 5) {
      ASSERT_EQ(skip_plain_text(text, at), skip_slowly(text, at)) << text << " from " << at;
      ASSERT_EQ(find_line_end(text, at), std::min(text.find_first_of("\n\r\\?", at), text.size())) << text;
    }
  }
}

/// Literals, comments and operators are recognised at each offset in the blocks that are read at once.
TEST(SkipText, ScansLiteralsAndOperatorsAtEveryOffset) {
  ScanMode mode;
  mode.lex.cplusplus = mode.lex.raw_strings = mode.lex.digit_separators = mode.lex.line_comments = true;
  for (std::size_t before = 0; before < 40; ++before) {
    const std::string text(before, '+');
    const auto directives = [&](const std::string& rest) {
      return scan_text(text + rest, mode)->directives.size();
    };
    EXPECT_EQ(directives("u8R\"x(\n#define A\n)x\";\n#define B\n"), 1U) << before;
    EXPECT_EQ(directives("0x1'000'0;/*\n#define A\n*/ 'a'\n#define B\n"), 1U) << before;
    EXPECT_EQ(directives("aR\"(\n#define A\n)\"\n"), 1U) << before;  // no raw string
    EXPECT_EQ(directives("_Pragma(\"once\")\n"), 1U) << before;
    EXPECT_EQ(directives("_Prag\\\nma(\"once\")\n"), 1U) << before;
    EXPECT_EQ(directives("x = __TIMESTAMP__;\n"), 1U) << before;
    EXPECT_EQ(directives("x = __DATE__ __TIME__ __TIME ___DATE__;\n"), 2U) << before;
    EXPECT_EQ(directives("x = a__TIMESTAMP__ + __TIMESTAMP__a;\n"), 0U) << before;
    EXPECT_EQ(directives("f(__BASE_FI\\\nLE__, __BASE_FILE__);\n"), 2U) << before;
    EXPECT_EQ(directives("\"__BASE_FILE__\" /*__TIMESTAMP__*/ // __TIMESTAMP__\n"), 0U) << before;
    EXPECT_EQ(directives("R\\\n\"(\n#define A\n)\"\n"), 0U) << before;
    EXPECT_EQ(directives("// _Pragma(\"once\") \\\n#define A\n#define B\n"), 1U) << before;
  }
}

}  // namespace
}  // namespace pump::include_server
