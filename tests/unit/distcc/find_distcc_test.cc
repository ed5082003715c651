#include <gmock/gmock.h>

#include "pump/distcc/find_distcc.h"
#include "tests/unit/hosts/scratch.h"

namespace pump::distcc {
namespace {

using FindDistcc = hosts::Scratch;
using os::Environment;

TEST_F(FindDistcc, LocationComesFirst) {
  const std::string chosen = directory("it's chosen"), other = directory("other");
  program("it's chosen/distcc");
  program("other/distcc");
  const auto found =
      find_distcc_directory(Environment::from_strings({"DISTCC_LOCATION=" + chosen, "PATH=" + other}), "");
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_EQ(*found, chosen);
}

TEST_F(FindDistcc, AWrongLocationIsNotReplacedByPath) {
  const std::string empty = directory("empty"), other = directory("other");
  program("other/distcc");
  const auto found =
      find_distcc_directory(Environment::from_strings({"DISTCC_LOCATION=" + empty, "PATH=" + other}), "");
  ASSERT_FALSE(found);
  EXPECT_THAT(found.error().message, testing::HasSubstr(empty));
}

TEST_F(FindDistcc, TheDirectoryOfPumpComesBeforePath) {
  const std::string bin = directory("bin"), other = directory("other");
  program("bin/distcc");
  program("other/distcc");
  EXPECT_EQ(*find_distcc_directory(Environment::from_strings({"PATH=" + other}), bin + "/pump"), bin);
}

TEST_F(FindDistcc, TheFirstOnPathThatCanRun) {
  const std::string plain = directory("plain"), folder = directory("folder"), good = directory("good");
  file("plain/distcc", "no program");
  directory("folder/distcc");
  program("good/distcc");
  const std::string path = plain + ":" + folder + ":" + good;
  EXPECT_EQ(*find_distcc_directory(Environment::from_strings({"PATH=" + path}), ""), good);
}

TEST_F(FindDistcc, AMasqueradeLinkIsSkipped) {
  const std::string masquerade = directory("masquerade"), good = directory("good");
  program("ccache");
  ASSERT_EQ(::symlink("../ccache", (masquerade + "/distcc").c_str()), 0);
  program("good/distcc");
  EXPECT_EQ(*find_distcc_directory(Environment::from_strings({"PATH=" + masquerade + ":" + good}), ""), good);
  const auto none = find_distcc_directory(Environment::from_strings({"PATH=" + masquerade}), "");
  ASSERT_FALSE(none);
  EXPECT_THAT(none.error().message, testing::HasSubstr(masquerade));
}

TEST_F(FindDistcc, ALinkToDistccCountsAsItsTarget) {
  const std::string links = directory("links"), real = directory("real");
  program("real/distcc");
  ASSERT_EQ(::symlink("../real/distcc", (links + "/distcc").c_str()), 0);
  EXPECT_EQ(*find_distcc_directory(Environment::from_strings({"PATH=" + links}), ""), real);
}

TEST_F(FindDistcc, ALinkToPumpIsSkipped) {
  const std::string bin = directory("bin");
  program("pump");
  ASSERT_EQ(::symlink("../pump", (bin + "/distcc").c_str()), 0);
  EXPECT_FALSE(find_distcc_directory(Environment::from_strings({"PATH=" + bin}), path("pump")));
}

TEST_F(FindDistcc, AnEmptyPathIsAnErrorWithTheRemedy) {
  const auto found = find_distcc_directory(Environment(), "");
  ASSERT_FALSE(found);
  EXPECT_THAT(found.error().message, testing::HasSubstr("apt-get install distcc"));
}

}  // namespace
}  // namespace pump::distcc
