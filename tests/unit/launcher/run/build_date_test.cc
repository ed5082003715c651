#include "launcher/run/build_date.h"

#include <stdlib.h>

#include "tests/unit/launcher/fixture.h"

namespace pump::launcher {
namespace {

using ::testing::ElementsAre;

TEST(BuildDate, HasTheTextOfCompilers) {
  const char* const before = std::getenv("TZ");
  const std::string zone = before == nullptr ? "" : before;
  ::setenv("TZ", "EAST-1", 1);
  ::tzset();
  const std::time_t second_of_january_2006 = 1136167445;  // 02:04:05 in UTC
  EXPECT_THAT(
      date_words(second_of_january_2006),
      ElementsAre("-Wno-builtin-macro-redefined", "-D__DATE__=\"Jan  2 2006\"", "-D__TIME__=\"03:04:05\""));
  before == nullptr ? ::unsetenv("TZ") : ::setenv("TZ", zone.c_str(), 1);
  ::tzset();
}

TEST(BuildDate, IsUsedByValuesOfOptions) {
  EXPECT_TRUE(uses_date_in_options({"g++", "-DX=__DATE__"}));
  EXPECT_TRUE(uses_date_in_options({"g++", "-D", "X=__TIME__"}));
  EXPECT_FALSE(uses_date_in_options({"g++", "-D__DATE__=\"x\"", "-D", "__TIME__=\"x\"", "-U__DATE__"}));
}

TEST(BuildDate, OptionsThatShowWhereItComesFromAreObstacles) {
  Decision decision;
  const auto obstacle = [&](const std::vector<std::string>& words) {
    decision.words = words;
    return obstacle_to_date_words(decision);
  };
  EXPECT_EQ(obstacle({"g++", "-Wall", "-DX=__DATE__"}), "");
  EXPECT_EQ(obstacle({"g++", "-Wdate-time", "-Wall"}), "-Wdate-time");
  EXPECT_EQ(obstacle({"g++", "-Wdate-time", "-Wno-date-time"}), "");
  EXPECT_EQ(obstacle({"clang++", "-Weverything"}), "-Weverything");
  EXPECT_EQ(obstacle({"g++", "-D", "__TIME__=\"x\""}), "__TIME__=\"x\"");
  decision.debug = DebugInformation::WithMacros;
  EXPECT_NE(obstacle({"g++", "-g3"}), "");
}

}  // namespace
}  // namespace pump::launcher
