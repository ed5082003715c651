#include "pump/include_server/compiler/compiler_query.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <string>

namespace pump::include_server {
namespace {

TEST(CompilerQueryTest, OnlyHarmlessQueriesAreSentToTheCompiler) {
  EXPECT_EQ(sanitised_query("__has_builtin ( __builtin_abs )"), "__has_builtin(__builtin_abs)");
  EXPECT_EQ(sanitised_query("__has_cpp_attribute(gnu::unused)"), "__has_cpp_attribute(gnu::unused)");
  EXPECT_EQ(sanitised_query("__has_warning(\"-Wx\")"), "__has_warning(\"-Wx\")");
  EXPECT_EQ(sanitised_query("__is_target_arch(x86_64)"), "__is_target_arch(x86_64)");
  for (const char* query :
       {"", "x", "__has_builtin", "__has_builtin()", "__has_include(<x>)", "__has_include_next(\"x\")",
        "__has_embed(\"x\")", "system(x)", "__has_builtin(a)\n#include \"/etc/passwd\"", "__has_builtin(a",
        "__has_builtin(a)b", "__has_builtin(a)||(b)", "__has_warning(\"x)", "__has_x(`id`)",
        "__has_x(a;b)"}) {
    EXPECT_EQ(sanitised_query(query), "") << query;
  }
  EXPECT_EQ(sanitised_query("__has_builtin(" + std::string(400, 'x') + ")"), "");
}

TEST(CompilerQueryTest, ValueIsMadeOfItsBits) {
  EXPECT_EQ(read_query_answer("pump_asked\npump_bit 0\npump_bit 4\npump_end\n"), 17);
  EXPECT_EQ(read_query_answer("pump_asked\npump_bit 40\npump_end\n"), std::int64_t{1} << 40);
  EXPECT_EQ(read_query_answer("pump_asked\npump_zero\npump_end\n"), 0);
  EXPECT_EQ(read_query_answer("pump_asked\npump_negative\npump_bit 4\npump_end\n"), std::nullopt);
  EXPECT_EQ(read_query_answer("pump_asked\npump_end\n"), std::nullopt) << "ill-formed for the compiler";
  EXPECT_EQ(read_query_answer("pump_asked\npump_zero\n"), std::nullopt) << "the output ends early";
}

TEST(CompilerQueryTest, ErrorsShowWhetherAPragmaDefinesMacros) {
  EXPECT_TRUE(pragma_query_text(pragma_query("optimize")));
  EXPECT_TRUE(pragma_query_text(pragma_query("target")));
  EXPECT_FALSE(pragma_query_text("__has_builtin(x)"));
  EXPECT_EQ(read_pragma_answer("x:1:2: error: #error pump_end\n"), 0);
  EXPECT_EQ(read_pragma_answer("x: error: #error pump_defines_macros\nx: error: #error pump_end\n"), 1);
  EXPECT_EQ(read_pragma_answer("cc1plus: error: out of memory\n"), std::nullopt);
}

}  // namespace
}  // namespace pump::include_server
