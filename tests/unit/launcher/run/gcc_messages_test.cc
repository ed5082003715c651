#include "launcher/run/gcc_messages.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pump::launcher {
namespace {

using ::testing::ElementsAre;

// gcc 12 with -fdiagnostics-color=always.
const std::string kBold = "\033[01m\033[K", kPink = "\033[01;35m\033[K", kGreen = "\033[01;32m\033[K",
                  kEnd = "\033[m\033[K";

std::string quoted(const std::string& text, const std::string& open = "'", const std::string& close = "'") {
  return open + kBold + text + kEnd + close;
}
const std::string kPlace = kBold + "a.cc:3:5:" + kEnd + " " + kPink + "warning: " + kEnd;

GccMessages read(const std::string& text, bool utf8) {
  const auto messages = read_gcc_messages(text, utf8);
  EXPECT_TRUE(messages) << text << ": " << messages.error().message;
  return messages.value_or(GccMessages());
}

TEST(GccMessages, QuotationMarksAreThoseOfTheLocale) {
  const std::string text = kPlace + "don't use " + quoted("'a'") + " and " + quoted("x") + "\n";
  EXPECT_EQ(read(text, true).plain, "a.cc:3:5: warning: don't use \u2018'a'\u2019 and \u2018x\u2019\n");
  EXPECT_EQ(read(text, false).plain, "a.cc:3:5: warning: don't use ''a'' and 'x'\n");
  EXPECT_EQ(read(text, false).coloured, text);
  const std::string utf8 = kPlace + quoted("x", "\u2018", "\u2019") + "\n";
  EXPECT_EQ(read(utf8, true).coloured, utf8);
  EXPECT_EQ(read(utf8, false).coloured, kPlace + quoted("x") + "\n");
}

TEST(GccMessages, ColoursInsideAQuotationDoNotEndIt) {
  const std::string text = kPlace + quoted("v<" + kGreen + "int" + kEnd + ">") + "\n";
  EXPECT_EQ(read(text, true).plain, "a.cc:3:5: warning: \u2018v<int>\u2019\n");
}

TEST(GccMessages, QuotedLinesOfTheSourceStayAsTheyAre) {
  const std::string text = kPlace + "unused\n    3 |   f('" + kPink + "x" + kEnd + "', \"\u2018y\u2019\");\n";
  EXPECT_EQ(read(text, true).plain, "a.cc:3:5: warning: unused\n    3 |   f('x', \"\u2018y\u2019\");\n");
  EXPECT_EQ(read(text, false).plain, "a.cc:3:5: warning: unused\n    3 |   f('x', \"\u2018y\u2019\");\n");
}

TEST(GccMessages, FilesOfPlacesAreKnown) {
  const std::string text = "In file included from " + kBold + "a.cc:1" + kEnd + ":\n" + kBold +
                           "inc/h.h:" + kEnd + " In function " + quoted("f") + ":\n" + kBold +
                           "inc/b:9.h:2:3:" + kEnd + " x\n" + kBold + "l.y:7:" + kEnd + " y\n" + kBold +
                           "cc1plus:" + kEnd + " z\n" + kPlace + "w\n";
  EXPECT_THAT(read(text, true).located_files, ElementsAre("inc/b:9.h", "l.y", "a.cc"));
}

TEST(GccMessages, OtherTextsAreErrors) {
  for (const std::string& text :
       {"a.cc:3:5: warning: no colours\n" + std::string(), kPlace + "\033[31mother\033[0m\n",
        kPlace + kBold + "open\n", kPlace + kEnd + "\n", kPlace + "'" + kBold + "no mark" + kEnd + "\n",
        kPlace + "\033]8;;https://x\007link\033]8;;\007\n"})
    EXPECT_FALSE(read_gcc_messages(text, true)) << text;
  EXPECT_EQ(read("{standard input}:1: Warning: from the assembler `x'\n", true).plain,
            "{standard input}:1: Warning: from the assembler `x'\n");
}

TEST(GccMessages, IdentifiersOfAnotherLocaleAreErrors) {
  EXPECT_FALSE(read_gcc_messages(kPlace + quoted("caf\\U000000e9") + "\n", true));
  EXPECT_TRUE(read_gcc_messages(kPlace + quoted("caf\\U000000e9") + "\n", false));
  EXPECT_FALSE(read_gcc_messages(kPlace + quoted("caf\u00e9", "\u2018", "\u2019") + "\n", false));
  EXPECT_TRUE(read_gcc_messages(kPlace + quoted("caf\u00e9", "\u2018", "\u2019") + "\n", true));
  EXPECT_TRUE(read_gcc_messages(kPlace + "unused\n    1 | int caf\u00e9;\n", false))
      << "a line of the source";
}

}  // namespace
}  // namespace pump::launcher
