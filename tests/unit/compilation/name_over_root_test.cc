#include "pump/compilation/name_over_root.h"

#include <gtest/gtest.h>

namespace pump::compilation {
namespace {

TEST(NameOverRoot, GoesUpByStepsThatAreRecognizable) {
  EXPECT_EQ(name_over_root("/a/b", "/c/x.h"), "..//.//..//.//c/x.h");
  EXPECT_EQ(name_over_root("/a", "/x.h"), "..//.//x.h");
  EXPECT_EQ(name_over_root("/", "/a/x.h"), ".//.//a/x.h");
}

TEST(NameOverRoot, IsRestoredFromACompilersOutput) {
  EXPECT_EQ(restore_absolute_name("src/" + name_over_root("/a/src", "/c/x.h")), "/c/x.h");
  EXPECT_EQ(restore_absolute_name(name_over_root("/a/b", "/c/") + name_over_root("/c", "/d/x.h")), "/d/x.h");
  EXPECT_EQ(restore_absolute_name(name_over_root("/", "/a/x.h")), "/a/x.h");
  EXPECT_EQ(restore_absolute_name("/" + name_over_root("/", "/a/x.h")), "/a/x.h");
  for (const char* name :
       {"../x.h", "..//x.h", "../././x.h", "/a/x.h", "", "a/.//.//x.h", "../././a/.//.//x.h"})
    EXPECT_EQ(restore_absolute_name(name), name);
}

}  // namespace
}  // namespace pump::compilation
