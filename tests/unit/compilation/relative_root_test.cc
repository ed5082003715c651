#include "pump/compilation/relative_root.h"

#include <gtest/gtest.h>

namespace pump::compilation {
namespace {

TEST(RelativeRoot, StandsForADirectoryAbove) {
  EXPECT_EQ(relative_root(1), "..///./");
  EXPECT_EQ(relative_root(3), "../../..///./");
  EXPECT_TRUE(stands_for_absolute("../..///./p/a.cc"));
  for (const char* name : {"", "a.cc", "../a.cc", "./..///./a.cc", "././a.cc", ".././a.cc", "/p/..///./a.cc",
                           "../././a.cc", "../../././a.cc", "..//./a.cc", ".././/a.cc", ".././/./a.cc"})
    EXPECT_FALSE(stands_for_absolute(name)) << name;
}

TEST(RelativeRoot, TheSizeOfTheAbsoluteName) {
  EXPECT_EQ(absolute_size("..///./src/a.cc", "/p/build"), std::string("/p/src/a.cc").size());
  EXPECT_EQ(absolute_size("../..///./q", "/p/build"), std::string("/q").size());
  EXPECT_EQ(absolute_size("../../..///./q", "/p/build"), std::string("../../..///./q").size())
      << "above the root";
  EXPECT_EQ(absolute_size("../q", "/p/build"), 4U);
  EXPECT_EQ(absolute_size("/p/q", "/p/build"), 4U);
}

TEST(RelativeRoot, TheAbsoluteName) {
  EXPECT_EQ(absolute_name("..///./src/a.cc", "/p/build"), "/p/src/a.cc");
  EXPECT_EQ(absolute_name("../..///./q", "/p/build"), "/q");
  for (const char* name : {"../../..///./q", "../q", "/p/q"})
    EXPECT_EQ(absolute_name(name, "/p/build"), name);
}

TEST(RelativeRoot, OverTheWorkingDirectory) {
  EXPECT_EQ(root_over_cwd("/p/build"), "/proc/self/cwd/../..///./");
  EXPECT_EQ(without_root_over_cwd(root_over_cwd("/p/build") + "q/x.h"), "/q/x.h");
  for (const char* name : {"", "../..///./q/x.h", "/q/x.h", "/proc/self/cwd/x.h", "/proc/self/cwd/../x.h"})
    EXPECT_EQ(without_root_over_cwd(name), name);
}

}  // namespace
}  // namespace pump::compilation
