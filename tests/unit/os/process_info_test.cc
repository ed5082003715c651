#include "pump/os/process_info.h"

#include <gtest/gtest.h>
#include <unistd.h>

namespace pump::os {
namespace {

TEST(ProcessInfo, OfThisProcess) {
  const auto info = look_up_process(::getpid());
  ASSERT_TRUE(info);
  EXPECT_EQ(info->parent, ::getppid());
  EXPECT_EQ(info->state, 'R');
  EXPECT_FALSE(info->name.empty());
}

TEST(ProcessInfo, NothingForAPidWithoutAProcess) {
  EXPECT_FALSE(look_up_process(1 << 30));
}

TEST(ProcessInfo, ANameMayHoldParenthesesAndBlanks) {
  const auto info = parse_process_stat("17 (a) T 1 (b) S 4 17 17 0 -1");
  ASSERT_TRUE(info);
  EXPECT_EQ(info->name, "a) T 1 (b");
  EXPECT_EQ(info->state, 'S');
  EXPECT_EQ(info->parent, 4);
}

TEST(ProcessInfo, NothingForOtherText) {
  for (const char* text : {"", "17", "17 (a", "17 a) S 4", "17 (a)", "17 (a) S ", "17 (a) S x", ")("})
    EXPECT_FALSE(parse_process_stat(text)) << text;
}

}  // namespace
}  // namespace pump::os
