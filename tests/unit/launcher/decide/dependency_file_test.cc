#include "launcher/decide/dependency_file.h"

#include "tests/unit/launcher/fixture.h"

namespace pump::launcher {
namespace {

class DependencyFiles : public Decisions {
 protected:
  /// `line` asks for what `words` ask for.
  void expect_asks(const std::string& line, const std::string& words) const {
    const Decision decision = decide_line(line);
    ASSERT_TRUE(decision.distribute())
        << line << ": " << name(*decision.local) << " (" << decision.detail << ")";
    ASSERT_TRUE(decision.dependencies) << line;
    EXPECT_EQ(dependency_words(*decision.dependencies), words_of(words)) << line;
  }
};

TEST_F(DependencyFiles, NoneIsAskedFor) {
  EXPECT_FALSE(decide_line("g++ -c a.cc -o a.o").dependencies);
}

TEST_F(DependencyFiles, NameAndTargetFollowTheObject) {
  expect_asks("g++ -MD -c dir/a.cc", "-MD -MF a.d -MT a.o");
  expect_asks("g++ -MMD -c dir/a.cc -o o/x.y.o", "-MMD -MF o/x.y.d -MT o/x.y.o");
  expect_asks("g++ -MMD -c dir/a.cc -o o.x/noext", "-MMD -MF o.x/noext.d -MT o.x/noext");
  expect_asks("clang++ -MD -MP -c a.cc -oo/a.o", "-MD -MF o/a.d -MT o/a.o -MP");
  expect_asks("g++ -MD -S dir/a.cc", "-MD -MF a.d -MT a.o");
  expect_asks("gcc --write-user-dependencies -c a.c", "-MMD -MF a.d -MT a.o");
}

TEST_F(DependencyFiles, WhatIsSaidCounts) {
  expect_asks("g++ -MD -MT t -MF x/y -c a.cc -o o/a.o", "-MD -MF x/y -MT t");
  expect_asks("g++ -MTt -MD -MP -MFx.d -c a.cc", "-MD -MF x.d -MT t -MP");
  expect_asks("g++ -MD -MQ o/a.o -MF x.d -c a.cc -o o/a.o", "-MD -MF x.d -MT o/a.o");
  expect_asks("g++ -MD -MT a$b -c a.cc", "-MD -MF a.d -MT a$b");
}

TEST_F(DependencyFiles, ThePreprocessorsOwn) {
  expect_asks("g++ -Wp,-MD,x.d -c dir/a.cc -o o/a.o", "-MD -MF x.d -MT a.o");
  expect_asks("clang++-14 -Wp,-MMD,x.d -c a.cc -o o/a.o", "-MMD -MF x.d -MT o/a.o");
}

TEST_F(DependencyFiles, OtherWaysStayHere) {
  for (const char* words : {"-MF x.d",
                            "-MT t",
                            "-MP",
                            "-MD -MMD",
                            "-MD -MG",
                            "-MD -MV",
                            "-MD -MF x.d -MF y.d",
                            "-MD -MF -",
                            "-MD -MF a.o",
                            "-MD -MQ a$b",
                            "-Wp,-MD,x.d -MT t",
                            "-Wp,-MD,x.d -MP",
                            "-Wp,-MD,x.d,-MP",
                            "-Wp,-MD,x.d -Wp,-MMD,y.d",
                            "-Wp,-MT,t -MD",
                            "-Xpreprocessor -MD -Xpreprocessor x.d",
                            "-MD -Xclang -MT -Xclang t",
                            "-MD -Xclang -sys-header-deps",
                            "-MD -dumpbase x",
                            "-MD -dumpdir x"})
    expect_local(std::string("g++ -c a.cc -o a.o ") + words, LocalReason::DependencyFile);
  for (const char* object : {"a$b.o", "a#b.o", "a:b.o", "a%b.o", "a\\b.o"})
    expect_local(std::string("g++ -MD -c a.cc -o ") + object, LocalReason::DependencyFile);
  expect_local("g++ -MD -MT a.o -MQ b.o -MF a.d -c a.cc", LocalReason::DependencyTargets);
  files["a.ii"] = "int a;\n";
  expect_local("g++ -MD -c a.ii", LocalReason::DependencyFile);
}

TEST_F(DependencyFiles, AnObjectOfAnyNameTravelsWithoutOne) {
  expect_remote("g++ -c a.cc -o a$b.o");
  expect_remote("g++ -MD -MT t -c a.cc -o a$b.o");
}

TEST_F(DependencyFiles, OutputsThatAreNoPlainFiles) {
  places = {{"pipe", OutputPlace::Other},
            {"old.o", OutputPlace::File},
            {"pipe.d", OutputPlace::Other},
            {"old.d", OutputPlace::File}};
  expect_local("g++ -c a.cc -o pipe", LocalReason::OutputPlace);
  expect_local("g++ -c a.cc -o a.o -MD -MF pipe", LocalReason::OutputPlace);
  expect_local("g++ -c a.cc -o pipe.o -MD", LocalReason::OutputPlace);
  expect_remote("g++ -c a.cc -o pipe.o");
  EXPECT_FALSE(decide_line("g++ -c a.cc -o old.o -MD").dependencies->is_new);
  EXPECT_TRUE(decide_line("g++ -c a.cc -o new.o -MD").dependencies->is_new);
  places = {{"a.o", OutputPlace::Other}};
  expect_local("g++ -c a.cc", LocalReason::OutputPlace);
}

TEST_F(DependencyFiles, NameAModuleMapIfTheCompilerDoes) {
  files["x.modmap"] = "$root .\n";
  const std::string line = "g++ -MD -fmodules-ts -fmodule-mapper=x.modmap -c a.cc";
  EXPECT_EQ(decide_line(line).dependencies->module_map, "");
  EXPECT_EQ(decide_line(line + " -fdeps-format=p1689r5").dependencies->module_map, "x.modmap");
}

DependencyFile rule_for(const std::string& target, RuleStyle style) {
  DependencyFile file;
  file.target = target;
  file.style = style;
  return file;
}

// What gcc 12 and clang 14 write; the integration test compares with the installed compilers.
TEST(LocalRules, BreakWhereTheCompilerBreaks) {
  const std::string l36(36, 'l'), m36(36, 'm');
  const std::string one_line = "t: " + l36 + " " + m36 + "\n";
  const auto gcc = rule_for("t", RuleStyle::Gcc), clang = rule_for("t", RuleStyle::Clang);
  EXPECT_EQ(local_rule(one_line, gcc, ""), "t: " + l36 + " \\\n " + m36 + "\n");
  EXPECT_EQ(local_rule(one_line, clang, ""), "t: " + l36 + " \\\n  " + m36 + "\n");
  EXPECT_EQ(local_rule("t: \\\n a.c b.h\n\nb.h:\n", gcc, ""), "t: a.c b.h\n\nb.h:\n");
  EXPECT_EQ(
      local_rule("two words: \\\n  a\\ b$$c\\#.c \\\n  b.h\n", rule_for("two words", RuleStyle::Clang), ""),
      "two words: a\\ b$$c\\#.c b.h\n");
}

TEST(LocalRules, NameFilesAbsolutelyThatTheCommandNamesSo) {
  EXPECT_EQ(local_rule("a.o: ../p/with\\ blank.h ../p/$$\\#.h \\\n  x.h\n\n../p/with\\ blank.h:\n\nx.h:\n",
                       rule_for("a.o", RuleStyle::Clang), "././../"),
            "a.o: /p/with\\ blank.h /p/$$\\#.h x.h\n\n/p/with\\ blank.h:\n\nx.h:\n");
  // clang: 75 columns, two of which are for " \".
  const std::string name(69, 'n');
  const auto rule = rule_for("a", RuleStyle::Clang);
  EXPECT_EQ(local_rule("a: ../" + name + " ../b\n", rule, "././../"), "a: /" + name + " \\\n  /b\n");
  EXPECT_EQ(local_rule("a: ../" + name + "n ../b\n", rule, "././../"), "a: \\\n  /" + name + "n \\\n  /b\n");
}

TEST(LocalRules, NameFilesAbsolutelyThatAnIncludeNamesSo) {
  for (const RuleStyle style : {RuleStyle::Gcc, RuleStyle::Clang})
    EXPECT_EQ(local_rule("a.o: s/a.c s/..//.//..//.//p/x.h x.h\n\ns/..//.//..//.//p/x.h:\n\nx.h:\n",
                         rule_for("a.o", style), ""),
              "a.o: s/a.c /p/x.h x.h\n\n/p/x.h:\n\nx.h:\n");
}

TEST(LocalRules, RepeatANameOnlyIfTheCompilerDoes) {
  const std::string gcc = "t: /p/a.c /p/../..//.//p/x.h /p/x.h\n/p/../..//.//p/x.h:\n/p/x.h:\n";
  EXPECT_EQ(local_rule(gcc, rule_for("t", RuleStyle::Gcc), ""),
            "t: /p/a.c /p/x.h /p/x.h\n/p/x.h:\n/p/x.h:\n");
  const std::string clang = "t: /p/a.c /p/..//.//p/x.h /p/x.h\n\n/p/..//.//p/x.h:\n\n/p/x.h:\n\n/p/y.h:\n";
  EXPECT_EQ(local_rule(clang, rule_for("t", RuleStyle::Clang), ""),
            "t: /p/a.c /p/x.h\n\n/p/x.h:\n\n/p/y.h:\n");
}

TEST(LocalRules, NameTheModuleMapAfterTheSource) {
  auto rule = rule_for("t", RuleStyle::Gcc);
  rule.module_map = "t.modmap";
  EXPECT_EQ(local_rule("t: a.cc h.h\n", rule, ""), "t: a.cc t.modmap h.h\n");
  EXPECT_EQ(local_rule("t: a.cc\n", rule, ""), "t: a.cc t.modmap\n");
  rule.phony_targets = true;
  EXPECT_EQ(
      local_rule("t: a.cc /usr/include/stdc-predef.h h.h\n/usr/include/stdc-predef.h:\nh.h:\n", rule, ""),
      "t: a.cc /usr/include/stdc-predef.h t.modmap h.h\n/usr/include/stdc-predef.h:\nt.modmap:\nh.h:\n");
}

TEST(LocalRules, AnotherRuleIsNotTouched) {
  EXPECT_FALSE(local_rule("", rule_for("t", RuleStyle::Gcc), ""));
  EXPECT_FALSE(local_rule("tt: a.c\n", rule_for("t", RuleStyle::Gcc), ""));
  EXPECT_FALSE(local_rule("x: a.c\n", rule_for("t", RuleStyle::Gcc), ""));
}

}  // namespace
}  // namespace pump::launcher
