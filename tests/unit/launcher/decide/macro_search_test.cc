#include "launcher/decide/macro_search.h"

#include <gtest/gtest.h>

#include <string>

namespace pump::launcher {
namespace {

constexpr std::string_view kName = "__DATE__";

std::size_t line_of(const std::string& text) {
  return find_macro_use(text, kName).value_or(0);
}

TEST(MacroSearch, TokensAreFound) {
  EXPECT_EQ(line_of("const char* a = __DATE__;"), 1U);
  EXPECT_EQ(line_of("int a;\n#if 0\n#define X __DATE__\n#endif\n"), 3U);
  EXPECT_EQ(line_of("f(__DATE__)"), 1U);
  EXPECT_EQ(line_of("\"x\"__DATE__"), 1U);
}

TEST(MacroSearch, CommentsAndLiteralsAreSkipped) {
  EXPECT_EQ(line_of("// __DATE__\nint a;\n"), 0U);
  EXPECT_EQ(line_of("// a \\\n__DATE__\nint a;"), 0U);
  EXPECT_EQ(line_of("/* a\n __DATE__ */ int a;"), 0U);
  EXPECT_EQ(line_of("const char* a = \"__DATE__\";"), 0U);
  EXPECT_EQ(line_of("const char* a = \"\\\" __DATE__\";"), 0U);
  EXPECT_EQ(line_of("const char* a = u8R\"x(\n\" __DATE__ )\" )x\";"), 0U);
  EXPECT_EQ(line_of("int a__DATE__, __DATE__b;"), 0U);
  EXPECT_EQ(line_of("int a;"), 0U);
}

TEST(MacroSearch, TokensNearCommentsAndLiteralsAreFound) {
  EXPECT_EQ(line_of("int a = 1'000; char* b = __DATE__;"), 1U);
  EXPECT_EQ(line_of("#error don't\nchar* b = __DATE__;"), 2U);
  EXPECT_EQ(line_of("char a = '\"'; char* b = __DATE__;"), 1U);
  EXPECT_EQ(line_of("char a = '\\''; char* b = __DATE__;"), 1U);
  EXPECT_EQ(line_of("/* */ __DATE__ /* */"), 1U);
  EXPECT_EQ(line_of("// a\r\n__DATE__"), 2U);
  EXPECT_EQ(line_of("auto a = R\"(x)\"; auto b = __DATE__;"), 1U);
  EXPECT_EQ(line_of("int R; \"a\" __DATE__"), 1U);
  EXPECT_EQ(line_of("a / b __DATE__"), 1U);
}

TEST(MacroSearch, UnterminatedTextIsAccepted) {
  for (const char* end : {"\"", "'", "/*", "//", "R\"(", "R\"x", "\"\\", "'\\", "\\", "1'"})
    EXPECT_EQ(line_of(std::string("/*__DATE__*/ ") + end), 0U) << end;
}

}  // namespace
}  // namespace pump::launcher
