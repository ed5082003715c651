#include "pump/os/environment.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

namespace pump::os {
namespace {

using testing::ElementsAre;

TEST(Environment, ALaterAssignmentWinsAndKeepsTheFirstPlace) {
  const Environment environment = Environment::from_strings({"A=1", "B=2", "A=3"});
  EXPECT_THAT(environment.strings(), ElementsAre("A=3", "B=2"));
}

TEST(Environment, StringsWithoutANameAreDropped) {
  const Environment environment = Environment::from_strings({"junk", "=x", "", "A="});
  EXPECT_THAT(environment.strings(), ElementsAre("A="));
}

TEST(Environment, HasIsFalseForAnEmptyValue) {
  const Environment environment = Environment::from_strings({"A="});
  EXPECT_EQ(environment.get("A"), "");
  EXPECT_EQ(environment.get_or("A", "fallback"), "");
  EXPECT_FALSE(environment.has("A"));
  EXPECT_EQ(environment.get("B"), std::nullopt);
  EXPECT_EQ(environment.get_or("B", "fallback"), "fallback");
}

TEST(Environment, ValuesMayContainEqualsSignsAndNewlines) {
  const Environment environment = Environment::from_strings({"A=b=c\nd"});
  EXPECT_EQ(environment.get("A"), "b=c\nd");
}

TEST(Environment, ReadsTheBlockOfProcEnviron) {
  using namespace std::string_view_literals;
  EXPECT_THAT(Environment::from_block("A=1\0B=\0C=3\0"sv).strings(), ElementsAre("A=1", "B=", "C=3"));
  EXPECT_THAT(Environment::from_block("A=1\0B=cut"sv).strings(), ElementsAre("A=1", "B=cut"));
  EXPECT_TRUE(Environment::from_block("").strings().empty());
}

TEST(Environment, SetAndUnset) {
  Environment environment;
  environment.set("A", "1");
  environment.set("B", "2");
  environment.set("A", "3");
  environment.unset("B");
  environment.unset("missing");
  EXPECT_THAT(environment.strings(), ElementsAre("A=3"));
}

TEST(Environment, CopiesAreIndependentAndOutliveOneAnother) {
  Environment copy;
  {
    Environment original = Environment::from_strings({"A=1", "B=2"});
    copy = original;
    original.set("A", "changed");
    copy.set("C", std::string(copy.get_or("B", "")) + "3");
  }
  EXPECT_THAT(copy.strings(), ElementsAre("A=1", "B=2", "C=23"));
}

TEST(Environment, PointersAreTheStringsForExecve) {
  Environment environment = Environment::from_strings({"A=1", "B=2", "C=3"});
  environment.set("B", "longer than what was there");
  environment.unset("A");
  const std::vector<char*> pointers = environment.pointers();
  ASSERT_EQ(pointers.size(), 3U);
  EXPECT_STREQ(pointers[0], "B=longer than what was there");
  EXPECT_STREQ(pointers[1], "C=3");
  EXPECT_EQ(pointers[2], nullptr);
}

TEST(Environment, CurrentKeepsOldValues) {
  ::setenv("PUMP_UNIT_TEST_VARIABLE", "before", 1);
  const Environment seen = Environment::current();
  ::setenv("PUMP_UNIT_TEST_VARIABLE", "something longer, afterwards", 1);
  EXPECT_EQ(seen.get("PUMP_UNIT_TEST_VARIABLE"), "before");
  ::unsetenv("PUMP_UNIT_TEST_VARIABLE");
  EXPECT_EQ(seen.get("PUMP_UNIT_TEST_VARIABLE"), "before");
}

TEST(Environment, CurrentIsThisProcesss) {
  ::setenv("PUMP_UNIT_TEST_VARIABLE", "here", 1);
  EXPECT_EQ(Environment::current().get("PUMP_UNIT_TEST_VARIABLE"), "here");
  ::unsetenv("PUMP_UNIT_TEST_VARIABLE");
}

}  // namespace
}  // namespace pump::os
