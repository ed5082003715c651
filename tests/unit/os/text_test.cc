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

}  // namespace
}  // namespace pump::os
