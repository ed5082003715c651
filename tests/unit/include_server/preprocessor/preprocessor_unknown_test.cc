// Unknown conditions: both branches are walked, and the directives after them see both outcomes.
#include <gmock/gmock.h>

#include "pump/include_server/preprocessor/preprocessor.h"
#include "tests/unit/include_server/preprocessor/preprocessor_project.h"

namespace pump::include_server {
namespace {

using testing::IsSupersetOf;
using Names = std::set<std::string>;

/// __COUNTER__ is unknown to the walk, because its value depends on the text between directives.
class UnknownCondition : public testing::Test {
 protected:
  Names files_of(const std::string& main) {
    project_.write("main.cc", main);
    for (const char* name : {"a.h", "b.h", "c.h", "d.h"}) project_.write(name, "");
    Names names = basenames(project_.needed());
    names.erase("main.cc");
    names.erase("stdc-predef.h");
    return names;
  }
  CompilerProject project_{"g++"};
};

TEST_F(UnknownCondition, BothBranchesAreWalked) {
  EXPECT_EQ(
      files_of("#if __COUNTER__\n#include \"a.h\"\n#else\n#include \"b.h\"\n#endif\n#include \"c.h\"\n"),
      (Names{"a.h", "b.h", "c.h"}));
}

TEST_F(UnknownCondition, EveryBranchOfAGroupIsWalked) {
  EXPECT_EQ(
      files_of("#if __COUNTER__ == 5\n#include \"a.h\"\n#elif __COUNTER__ == 7\n#include \"b.h\"\n#elif "
               "0\n#include "
               "\"c.h\"\n#else\n#include \"d.h\"\n#endif\n"),
      (Names{"a.h", "b.h", "d.h"}));
}

TEST_F(UnknownCondition, ATrueConditionEndsTheGroup) {
  EXPECT_EQ(
      files_of(
          "#if __COUNTER__\n#include \"a.h\"\n#elif 1\n#include \"b.h\"\n#else\n#include \"c.h\"\n#endif\n"),
      (Names{"a.h", "b.h"}));
}

TEST_F(UnknownCondition, MacrosDefinedInOneBranchMayBeDefined) {
  EXPECT_EQ(files_of("#if __COUNTER__\n#define A\n#endif\n#ifdef A\n#include \"a.h\"\n#else\n#include "
                     "\"b.h\"\n#endif\n"),
            (Names{"a.h", "b.h"}));
}

TEST_F(UnknownCondition, MacrosDefinedInBothBranchesAreDefined) {
  EXPECT_EQ(files_of("#if __COUNTER__\n#define A 1\n#else\n#define A 2\n#endif\n#ifdef A\n#include "
                     "\"a.h\"\n#else\n#include "
                     "\"b.h\"\n#endif\n"),
            (Names{"a.h"}));
}

TEST_F(UnknownCondition, AlternativesAreTriedInExpressions) {
  EXPECT_EQ(files_of("#if __COUNTER__\n#define A 1\n#else\n#define A 2\n#endif\n#if A > 0\n#include "
                     "\"a.h\"\n#endif\n#if A > "
                     "2\n#include \"b.h\"\n#endif\n#if A == 2\n#include \"c.h\"\n#endif\n"),
            (Names{"a.h", "c.h"}));
}

TEST_F(UnknownCondition, EqualDefinitionsInBothBranchesAreOneAlternative) {
  EXPECT_EQ(files_of("#if __COUNTER__\n#define A 1\n#else\n#define A 1\n#endif\n#if A == 1\n#include "
                     "\"a.h\"\n#else\n#include "
                     "\"b.h\"\n#endif\n"),
            (Names{"a.h"}));
}

TEST_F(UnknownCondition, ComputedIncludesTakeEveryAlternative) {
  EXPECT_EQ(files_of("#if __COUNTER__\n#define H \"a.h\"\n#else\n#define H \"b.h\"\n#endif\n#include H\n"),
            (Names{"a.h", "b.h"}));
}

TEST_F(UnknownCondition, TheConditionHoldsWithinItsBranch) {
  EXPECT_EQ(
      files_of("#if __COUNTER__\n#define A\n#endif\n#ifdef A\n#ifndef A\n#include \"a.h\"\n#endif\n#include "
               "\"b.h\"\n#endif\n#ifndef A\n#define A\n#endif\n#ifndef A\n#include \"c.h\"\n#endif\n"),
      (Names{"b.h"}));
}

TEST_F(UnknownCondition, ABranchThatEndsInAnErrorIsNotTaken) {
  EXPECT_EQ(
      files_of("#if __COUNTER__\n#define A\n#else\n#error no\n#include \"a.h\"\n#endif\n#ifndef A\n#include "
               "\"b.h\"\n#endif\n#include \"c.h\"\n"),
      (Names{"c.h"}));
}

TEST_F(UnknownCondition, ABranchWithAMissingHeaderIsNotTaken) {
  EXPECT_EQ(
      files_of(
          "#if __COUNTER__\n#include \"missing.h\"\n#define A\n#endif\n#ifdef A\n#include \"b.h\"\n#endif\n"),
      (Names{}));
}

TEST_F(UnknownCondition, AFileThatMayHaveBeenIncludedIsIncludedAgain) {
  project_.write("once.h", "#pragma once\n#ifdef LATER\n#include \"b.h\"\n#endif\n");
  project_.write("guarded.h", "#ifndef G\n#define G\n#ifdef LATER\n#include \"c.h\"\n#endif\n#endif\n");
  EXPECT_EQ(
      files_of(
          "#if __COUNTER__\n#include \"once.h\"\n#include \"guarded.h\"\n#endif\n#define LATER\n#include "
          "\"once.h\"\n#include \"guarded.h\"\n"),
      (Names{"once.h", "guarded.h", "b.h", "c.h"}));
}

TEST_F(UnknownCondition, AFileIncludedInBothBranchesIsNotIncludedAgain) {
  project_.write("once.h", "#pragma once\n#ifdef LATER\n#include \"b.h\"\n#endif\n");
  EXPECT_EQ(
      files_of(
          "#if __COUNTER__\n#include \"once.h\"\n#else\n#include \"once.h\"\n#endif\n#define LATER\n#include "
          "\"once.h\"\n"),
      (Names{"once.h"}));
}

TEST_F(UnknownCondition, MacroPushedInOneBranchMayBeEither) {
  EXPECT_EQ(files_of("#define A\n#if __COUNTER__\n#pragma push_macro(\"A\")\n#endif\n#undef A\n#pragma "
                     "pop_macro(\"A\")\n#ifdef A\n#include \"a.h\"\n#else\n#include \"b.h\"\n#endif\n"),
            (Names{"a.h", "b.h"}));
}

TEST_F(UnknownCondition, APragmaInAMacroBodyMayTakeEffectAnywhere) {
  EXPECT_EQ(
      files_of(
          "#define SAVE _Pragma(\"push_macro(\\\"A\\\")\")\n#define BACK _Pragma(\"pop_macro(\\\"A\\\")\")\n"
          "#define A\nSAVE\n#undef A\nBACK\n#ifdef A\n#include \"a.h\"\n#else\n#include \"b.h\"\n#endif\n"),
      (Names{"a.h", "b.h"}));
}

TEST_F(UnknownCondition, ManyUnknownConditionsStayCheap) {
  std::string main;
  for (int i = 0; i < 300; ++i) {
    const std::string name = "M" + std::to_string(i);
    main += "#if __COUNTER__\n#define " + name + " 1\n#else\n#define " + name + " 2\n#endif\n";
    main += "#if " + name + " == 3\n#include \"a.h\"\n#endif\n";
  }
  EXPECT_EQ(files_of(main + "#include \"b.h\"\n"), (Names{"b.h"}));
  EXPECT_LT(project_.run().steps, 100'000U);
  EXPECT_FALSE(project_.run().approximate);
}

TEST_F(UnknownCondition, UnknownGuardsAreRefined) {
  project_.write("x.h", "#ifndef X_H\n#define X_H\n#include \"a.h\"\n#endif\n");
  EXPECT_EQ(
      files_of(
          "#if __COUNTER__\n#define X_H\n#endif\n#include \"x.h\"\n#ifndef X_H\n#include \"b.h\"\n#endif\n"),
      (Names{"x.h", "a.h"}));
}

TEST_F(UnknownCondition, AnOperandThatDecidesAloneMakesTheConditionKnown) {
  EXPECT_EQ(files_of("#if 0 && __COUNTER__\n#include \"a.h\"\n#endif\n#if __COUNTER__ && 0\n#include "
                     "\"b.h\"\n#endif\n#if "
                     "__COUNTER__ || 1\n#include \"c.h\"\n#else\n#include \"d.h\"\n#endif\n"),
            (Names{"c.h"}));
}

TEST_F(UnknownCondition, AQueryWithoutAnAnswerIsUnknown) {
  project_.write("main.cc",
                 "#if __has_builtin(__builtin_expect)\n#include \"a.h\"\n#else\n#include \"b.h\"\n#endif\n");
  project_.write("a.h", "");
  project_.write("b.h", "");
  Preprocessor preprocessor(project_.tree(), project_.scans(), nullptr);
  Names names;
  for (const ClosureFile& file : project_.run(preprocessor).files) names.emplace(file.spelled);
  EXPECT_THAT(names, IsSupersetOf(Names{"main.cc", "a.h", "b.h"}));
}

TEST_F(UnknownCondition, AComputedIncludeOfAnUnknownNameGivesUp) {
  project_.write("main.cc", "#define S(x) #x\n#define T(x) S(x)\n#include T(__COUNTER__)\n");
  const Closure closure = project_.run();
  EXPECT_EQ(closure.give_up, GiveUp::Budget);
  EXPECT_NE(closure.detail.find("main.cc:3"), std::string::npos) << closure.detail;
}

}  // namespace
}  // namespace pump::include_server
