#include "pump/compilation/absolute_names.h"

#include <gtest/gtest.h>

namespace pump::compilation {
namespace {

TEST(AbsoluteNames, LeadOverTheRoot) {
  EXPECT_EQ(name_over_root("/a/b", "/c/x.h"), "..//.//..//.//c/x.h");
  EXPECT_EQ(name_over_root("/a", "/x.h"), "..//.//x.h");
  EXPECT_EQ(name_over_root("/", "/a/x.h"), ".//.//a/x.h");
}

TEST(AbsoluteNames, AreAbsoluteAgainInWhatACompilerWrites) {
  EXPECT_EQ(without_way_over_root("src/" + name_over_root("/a/src", "/c/x.h")), "/c/x.h");
  EXPECT_EQ(without_way_over_root(name_over_root("/a/b", "/c/") + name_over_root("/c", "/d/x.h")), "/d/x.h");
  EXPECT_EQ(without_way_over_root(name_over_root("/", "/a/x.h")), "/a/x.h");
  for (const char* name : {"../x.h", "..//x.h", "../././x.h", "/a/x.h", ""})
    EXPECT_EQ(without_way_over_root(name), name);
}

}  // namespace
}  // namespace pump::compilation
