#include "pump/include_server/lexer/module_line.h"

#include <gtest/gtest.h>

namespace pump::include_server {
namespace {

TEST(ModuleLine, RecognisesModuleDirectives) {
  for (const char* text : {"import <vector>;", "import \"x.h\";", "import std;", "import :part;",
                           "export module a.b;", "export import m:part;"}) {
    EXPECT_TRUE(may_be_module_line(text)) << text;
    EXPECT_TRUE(is_module_line(text)) << text;
  }
}

TEST(ModuleLine, IgnoresOtherText) {
  for (const char* text : {"import", "import = 1;", "import(x);", "module.exports = 1;", "import x\n;",
                           "export int i;", "module* next;", "imports x;", "module;"})
    EXPECT_FALSE(is_module_line(text)) << text;
}

}  // namespace
}  // namespace pump::include_server
