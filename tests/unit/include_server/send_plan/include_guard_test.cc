#include "pump/include_server/send_plan/include_guard.h"

#include <gtest/gtest.h>

namespace pump::include_server {
namespace {

TEST(IncludeGuard, EndsItsLineAfterComments) {
  const auto place = line_after_guard("/* a\n b */\n#ifndef X  // c\n#define X\n#endif\n");
  ASSERT_TRUE(place);
  EXPECT_EQ(place->line, 4U);
  EXPECT_EQ(place->offset, 27U);
}

TEST(IncludeGuard, EnclosesTheWholeText) {
  for (const std::string_view text : {"#ifndef X\n#endif\nint after;\n", "int before;\n#ifndef X\n#endif\n",
                                      "#ifndef X\n#else\n#endif\n", "#ifdef X\n#endif\n", ""})
    EXPECT_FALSE(line_after_guard(text)) << text;
}

TEST(IncludeGuard, IsNotUsedIfCompilersCountLinesDifferently) {
  EXPECT_FALSE(line_after_guard("/* a\rb */\n#ifndef X\n#endif\n"));
  EXPECT_TRUE(line_after_guard("/* a\r\nb */\r\n#ifndef X\r\n#endif\r\n"));
}

}  // namespace
}  // namespace pump::include_server
