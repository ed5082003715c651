#include "pump/os/text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pump::os {
namespace {

using testing::ElementsAre;

TEST(TrimBlanks, KeepsInnerBlanks) {
  EXPECT_EQ(trim_blanks(" \t a b\r\n"), "a b");
  EXPECT_EQ(trim_blanks(std::string_view("\0x\0", 3)), "x");
  EXPECT_EQ(trim_blanks(" \n"), "");
  EXPECT_EQ(trim_blanks(""), "");
}

TEST(Split, KeepsEmptyParts) {
  EXPECT_THAT(split("a,,b", ','), ElementsAre("a", "", "b"));
  EXPECT_THAT(split(":", ':'), ElementsAre("", ""));
  EXPECT_THAT(split("", ':'), ElementsAre(""));
}

TEST(ForEachLine, VisitsALastLineWithoutNewline) {
  const auto lines_of = [](std::string_view text) {
    std::vector<std::string_view> lines;
    for_each_line(text, [&](std::string_view line) { lines.push_back(line); });
    return lines;
  };
  EXPECT_THAT(lines_of("a\n\nb"), ElementsAre("a", "", "b"));
  EXPECT_THAT(lines_of("a\n"), ElementsAre("a"));
  EXPECT_THAT(lines_of(""), ElementsAre());
}

TEST(Text, PrintableTextHasNoControlCharacters) {
  EXPECT_EQ(printable("a b.c"), "a b.c");
  EXPECT_EQ(printable("\x1b]0;x\a\n\x7f"), "\\x1b]0;x\\x07\\x0a\\x7f");
  EXPECT_EQ(printable("caf\xc3\xa9 \xc2\xa0"), "caf\xc3\xa9 \xc2\xa0");
  EXPECT_EQ(printable("\xc2\x9b\xc2"), "\\xc2\\x9b\xc2");
}

}  // namespace
}  // namespace pump::os
