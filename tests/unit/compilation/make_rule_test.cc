#include "pump/compilation/make_rule.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>

namespace pump::compilation {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(MakeRule, HasContinuedLines) {
  EXPECT_THAT(parse_make_rule("x.o: ../src/x.cc \\\n /usr/include/stdc-predef.h \\\n  ../inc/x.h\n"),
              ElementsAre("../src/x.cc", "/usr/include/stdc-predef.h", "../inc/x.h"));
}

TEST(MakeRule, HasQuotedCharacters) {
  EXPECT_THAT(parse_make_rule("x.o: a\\ b.cc c\\#d.h e$$f.h g\\h.h\n"),
              ElementsAre("a b.cc", "c#d.h", "e$f.h", "g\\h.h"));
  EXPECT_THAT(parse_make_rule("a.o: a.cc inc/h.h \\\n  b\\ c.h d$$e.h \\\n f\\#g.h\n"),
              ElementsAre("a.cc", "inc/h.h", "b c.h", "d$e.h", "f#g.h"));
}

TEST(MakeRule, HasTargetsWithColonsAndBlanks) {
  EXPECT_THAT(parse_make_rule("a\\ b.o: x.cc\n"), ElementsAre("x.cc"));
  EXPECT_THAT(parse_make_rule("C:x.o: x.cc a:b.h\n"), ElementsAre("x.cc", "a:b.h"));
}

TEST(MakeRule, EndsBeforeTheNextRule) {
  EXPECT_THAT(parse_make_rule("a.o: a.cc\nh.h:\n"), ElementsAre("a.cc"));
}

TEST(MakeRule, MayHaveNoPrerequisites) {
  EXPECT_THAT(parse_make_rule("x.o:\n"), IsEmpty());
  EXPECT_THAT(parse_make_rule(""), IsEmpty());
}

TEST(MakeRule, NeedsATarget) {
  EXPECT_THAT(parse_make_rule("rubbish"), IsEmpty());
}

std::vector<std::string> dependency_command_of(const std::vector<std::string>& argv) {
  const auto command = parse(argv, [](const std::string&) { return std::nullopt; });
  EXPECT_TRUE(command) << command.error().message;
  return dependency_command(*command);
}

TEST(DependencyCommand, HasNoOutputOptions) {
  EXPECT_THAT(dependency_command_of(
                  {"g++", "-O2", "-MD", "-MF", "x.d", "-MT", "x", "-Ia", "-o", "x.o", "-c", "x.cc"}),
              ElementsAre("g++", "-M", "-O2", "-Ia", "x.cc"));
  EXPECT_THAT(dependency_command_of({"gcc", "-Wp,-MD,x.d", "-Wp,-DA", "-c", "x.c"}),
              ElementsAre("gcc", "-M", "-Wp,-DA", "x.c"));
}

}  // namespace
}  // namespace pump::compilation
