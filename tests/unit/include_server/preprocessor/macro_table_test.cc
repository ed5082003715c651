#include "pump/include_server/preprocessor/macro_table.h"

#include <gtest/gtest.h>

#include "pump/include_server/lexer/scan.h"

namespace pump::include_server {
namespace {

TEST(MacroTable, JoinsBranches) {
  const auto made = scan_text("#define A 1\n#define A 2\n#define A 1 \n", ScanMode{});
  const Symbol name = made->directives[0].name;
  const auto state = [&](std::size_t i) { return MacroState(&made->definitions[i]); };
  MacroTable table;
  const auto branch = [&](MacroState set) {
    const auto mark = table.begin_branch();
    table.set(name, set);
    return table.end_branch(mark);
  };
  const auto one = branch(state(0));
  EXPECT_TRUE(table.get(name).undefined());
  const auto two = branch(state(1));
  table.join(one, two);
  ASSERT_FALSE(table.get(name).certain());
  EXPECT_EQ(table.get(name).alternatives().choices.size(), 2U);
  EXPECT_FALSE(table.get(name).alternatives().may_be_undefined());
  table.reset();
  EXPECT_TRUE(table.get(name).undefined());
  table.join(one, branch(state(0)));
  EXPECT_TRUE(table.get(name).certain());
}

}  // namespace
}  // namespace pump::include_server
