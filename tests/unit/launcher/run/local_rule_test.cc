#include "launcher/run/local_rule.h"

#include <gtest/gtest.h>

namespace pump::launcher {
namespace {

DependencyFile rule_for(const std::string& target, RuleStyle style) {
  DependencyFile file;
  file.target = target;
  file.style = style;
  return file;
}

// Expected texts are from gcc 12 and clang 14. The integration test compares with the installed compilers.
TEST(LocalRules, LinesBreakWhereTheCompilerBreaksThem) {
  const std::string l36(36, 'l'), m36(36, 'm');
  const std::string one_line = "t: " + l36 + " " + m36 + "\n";
  const auto gcc = rule_for("t", RuleStyle::Gcc), clang = rule_for("t", RuleStyle::Clang);
  EXPECT_EQ(local_rule(one_line, gcc, RelativeNames()), "t: " + l36 + " \\\n " + m36 + "\n");
  EXPECT_EQ(local_rule(one_line, clang, RelativeNames()), "t: " + l36 + " \\\n  " + m36 + "\n");
  EXPECT_EQ(local_rule("t: \\\n a.c b.h\n\nb.h:\n", gcc, RelativeNames()), "t: a.c b.h\n\nb.h:\n");
  EXPECT_EQ(local_rule("two words: \\\n  a\\ b$$c\\#.c \\\n  b.h\n", rule_for("two words", RuleStyle::Clang),
                       RelativeNames()),
            "two words: a\\ b$$c\\#.c b.h\n");
}

TEST(LocalRules, RelativeNamesOfTheCommandBecomeAbsolute) {
  RelativeNames names;
  names.add({"..///./", "/p/"});
  EXPECT_EQ(local_rule("a.o: ..///./src/with\\ blank.h ..///./src/$$\\#.h ../x.h \\\n  x.h\n\n"
                       "..///./src/with\\ blank.h:\n\nx.h:\n",
                       rule_for("a.o", RuleStyle::Clang), names),
            "a.o: /p/src/with\\ blank.h /p/src/$$\\#.h ../x.h x.h\n\n/p/src/with\\ blank.h:\n\nx.h:\n");
  // clang: 75 columns, two of which are for " \".
  const std::string name(67, 'n');
  const auto rule = rule_for("a", RuleStyle::Clang);
  EXPECT_EQ(local_rule("a: ..///./" + name + " ..///./b\n", rule, names), "a: /p/" + name + " \\\n  /p/b\n");
  EXPECT_EQ(local_rule("a: ..///./" + name + "n ..///./b\n", rule, names),
            "a: \\\n  /p/" + name + "n \\\n  /p/b\n");
}

TEST(LocalRules, SystemHeadersHaveTheirRealPathIfThatIsShorter) {
  RelativeNames names;
  names.add({"..///./", "/p/"});
  const ShortenedNames shortened{{"..///./sys/sub/../b.h", "/p/sys/b.h"}, {"../q/c.h", "/p/q/c.h"}};
  const char* const text =
      "t: ..///./sys/sub/../a.c ..///./sys/sub/../b.h ../q/c.h ..///./sys/./gone.h "
      "..///./inc/../b.h\n"
      "..///./sys/sub/../b.h:\n";
  EXPECT_EQ(local_rule(text, rule_for("t", RuleStyle::Gcc), names, shortened),
            "t: /p/sys/sub/../a.c /p/sys/b.h /p/q/c.h /p/sys/./gone.h /p/inc/../b.h\n/p/sys/b.h:\n");
  EXPECT_EQ(local_rule("t: ..///./sys/sub/../b.h\n", rule_for("t", RuleStyle::Clang), names, shortened),
            "t: /p/sys/sub/../b.h\n");
}

TEST(LocalRules, NamesOverTheRootBecomeAbsolute) {
  for (const RuleStyle style : {RuleStyle::Gcc, RuleStyle::Clang})
    EXPECT_EQ(local_rule("a.o: s/a.c s/..//.//..//.//p/x.h x.h\n\ns/..//.//..//.//p/x.h:\n\nx.h:\n",
                         rule_for("a.o", style), RelativeNames()),
              "a.o: s/a.c /p/x.h x.h\n\n/p/x.h:\n\nx.h:\n");
}

TEST(LocalRules, RepeatedNamesAreWrittenAsTheCompilerDoes) {
  const std::string gcc = "t: /p/a.c /p/../..//.//p/x.h /p/x.h\n/p/../..//.//p/x.h:\n/p/x.h:\n";
  EXPECT_EQ(local_rule(gcc, rule_for("t", RuleStyle::Gcc), RelativeNames()),
            "t: /p/a.c /p/x.h /p/x.h\n/p/x.h:\n/p/x.h:\n");
  const std::string clang = "t: /p/a.c /p/..//.//p/x.h /p/x.h\n\n/p/..//.//p/x.h:\n\n/p/x.h:\n\n/p/y.h:\n";
  EXPECT_EQ(local_rule(clang, rule_for("t", RuleStyle::Clang), RelativeNames()),
            "t: /p/a.c /p/x.h\n\n/p/x.h:\n\n/p/y.h:\n");
}

TEST(LocalRules, TheModuleMapFollowsTheSource) {
  auto rule = rule_for("t", RuleStyle::Gcc);
  rule.module_map = "t.modmap";
  EXPECT_EQ(local_rule("t: a.cc h.h\n", rule, RelativeNames()), "t: a.cc t.modmap h.h\n");
  EXPECT_EQ(local_rule("t: a.cc\n", rule, RelativeNames()), "t: a.cc t.modmap\n");
  rule.phony_targets = true;
  EXPECT_EQ(
      local_rule("t: a.cc /usr/include/stdc-predef.h h.h\n/usr/include/stdc-predef.h:\nh.h:\n", rule,
                 RelativeNames()),
      "t: a.cc /usr/include/stdc-predef.h t.modmap h.h\n/usr/include/stdc-predef.h:\nt.modmap:\nh.h:\n");
}

TEST(LocalRules, AnotherRuleIsRejected) {
  EXPECT_FALSE(local_rule("", rule_for("t", RuleStyle::Gcc), RelativeNames()));
  EXPECT_FALSE(local_rule("tt: a.c\n", rule_for("t", RuleStyle::Gcc), RelativeNames()));
  EXPECT_FALSE(local_rule("x: a.c\n", rule_for("t", RuleStyle::Gcc), RelativeNames()));
}

}  // namespace
}  // namespace pump::launcher
