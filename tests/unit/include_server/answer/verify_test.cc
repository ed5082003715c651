#include "pump/include_server/answer/verify.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pump::include_server {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(MakeRule, AsGccWritesIt) {
  EXPECT_THAT(parse_make_rule("x.o: ../src/x.cc \\\n /usr/include/stdc-predef.h \\\n  ../inc/x.h\n"),
              ElementsAre("../src/x.cc", "/usr/include/stdc-predef.h", "../inc/x.h"));
}

TEST(MakeRule, EscapedCharacters) {
  EXPECT_THAT(parse_make_rule("x.o: a\\ b.cc c\\#d.h e$$f.h g\\h.h\n"),
              ElementsAre("a b.cc", "c#d.h", "e$f.h", "g\\h.h"));
}

TEST(MakeRule, TargetsWithColonsAndBlanks) {
  EXPECT_THAT(parse_make_rule("a\\ b.o: x.cc\n"), ElementsAre("x.cc"));
  EXPECT_THAT(parse_make_rule("C:x.o: x.cc a:b.h\n"), ElementsAre("x.cc", "a:b.h"));
}

TEST(MakeRule, NoPrerequisites) {
  EXPECT_THAT(parse_make_rule("x.o:\n"), IsEmpty());
  EXPECT_THAT(parse_make_rule(""), IsEmpty());
}

TEST(DependencyCommand, ReplacesWhatTheCommandDoes) {
  const auto words =
      dependency_command({"g++", "-O2", "-MD", "-MF", "x.d", "-MT", "x", "-Ia", "-o", "x.o", "-c", "x.cc"});
  ASSERT_TRUE(words) << words.error().message;
  EXPECT_THAT(*words, ElementsAre("g++", "-M", "-O2", "-Ia", "x.cc"));
}

}  // namespace
}  // namespace pump::include_server
