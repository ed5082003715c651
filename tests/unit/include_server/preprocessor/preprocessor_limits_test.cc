// Hostile inputs: the walk ends in bounded time and memory, and the closure is never too small.
#include <gmock/gmock.h>

#include "pump/include_server/lexer/interner.h"
#include "pump/include_server/preprocessor/preprocessor.h"
#include "tests/unit/include_server/preprocessor/preprocessor_project.h"

namespace pump::include_server {
namespace {

using testing::IsSupersetOf;
using Names = std::set<std::string>;

class Limits : public testing::Test {
 protected:
  Names names(const Closure& closure) {
    Names names;
    for (const ClosureFile& file : closure.files) names.emplace(file.spelled);
    return names;
  }
  CompilerProject project_{"g++"};
};

TEST_F(Limits, MacroBombInACondition) {
  std::string main = "#define M0 x x x x x x x x x x\n";
  for (int i = 1; i < 30; ++i) {
    const std::string before = "M" + std::to_string(i - 1);
    main += "#define M" + std::to_string(i);
    for (int j = 0; j < 10; ++j) main += " " + before;
    main += "\n";
  }
  project_.write("main.cc", main + "#if M29\n#include \"a.h\"\n#endif\n#include \"b.h\"\n");
  project_.write("a.h", "");
  project_.write("b.h", "");
  project_.budget.steps = 1'000'000;
  EXPECT_THAT(names(project_.run()), IsSupersetOf(Names{"main.cc", "b.h"}));
}

/// Each line doubles the spellings: 2^14 of 4,000 bytes and more, which would stay interned.
TEST_F(Limits, WhatAMacroBombMakesIsBounded) {
  constexpr int kLevels = 14;
  std::string main;
  for (int i = 0; i < kLevels; ++i) {
    const std::string next = "L" + std::to_string(i + 1);
    main += "#define L" + std::to_string(i) + "(a) " + next + "(a##0) " + next + "(a##1)\n";
  }
  main += "#define L" + std::to_string(kLevels) + "(a) 0*defined(a) +\n#if L0(bomb_" +
          std::string(4000, 'x') + ") 0\n#include \"a.h\"\n#endif\n";
  project_.write("main.cc", main);
  project_.write("a.h", "");
  const std::size_t before = symbol_count();
  EXPECT_THAT(names(project_.run()), IsSupersetOf(Names{"main.cc", "a.h"}));
  EXPECT_LT(symbol_count() - before, 1500U);
}

TEST_F(Limits, DeeplyNestedArguments) {
  std::string nested;
  for (int i = 0; i < 50'000; ++i) nested += "f(";
  project_.write("main.cc", "#define f(x) x\n#if " + nested + "1" + std::string(50'000, ')') +
                                "\n#include \"a.h\"\n#endif\n");
  project_.write("a.h", "");
  EXPECT_THAT(names(project_.run()), IsSupersetOf(Names{"main.cc", "a.h"}));
}

TEST_F(Limits, DeepParentheses) {
  project_.write("main.cc", "#if " + std::string(100'000, '(') + "1" + std::string(100'000, ')') +
                                "\n#include \"a.h\"\n#endif\n");
  project_.write("a.h", "");
  EXPECT_THAT(names(project_.run()), IsSupersetOf(Names{"main.cc", "a.h"}));
}

TEST_F(Limits, LongChainOfUnaryOperators) {
  project_.write("main.cc", "#if " + std::string(100'000, '!') + "0\n#else\n#include \"a.h\"\n#endif\n");
  project_.write("a.h", "");
  EXPECT_THAT(names(project_.run()), IsSupersetOf(Names{"main.cc", "a.h"}));
}

TEST_F(Limits, IncludesNested200Deep) {
  project_.write("main.cc", "#include \"h1.h\"\n");
  for (int i = 1; i < 199; ++i)
    project_.write("h" + std::to_string(i) + ".h", "#include \"h" + std::to_string(i + 1) + ".h\"\n");
  project_.write("h199.h", "");
  const auto expected = project_.by_compiler();
  ASSERT_TRUE(expected) << project_.complaint;
  EXPECT_EQ(project_.entered(), *expected);
}

TEST_F(Limits, EndlessSelfInclusion) {
  project_.write("main.cc", "#include \"a.h\"\n");
  project_.write("a.h", "#include \"a.h\"\n");
  const Closure closure = project_.run();
  EXPECT_EQ(closure.give_up, GiveUp::None);
  EXPECT_THAT(names(closure), IsSupersetOf(Names{"main.cc", "a.h"}));
}

TEST_F(Limits, ExponentialSelfInclusionIsLeftToThePathInsensitiveWalk) {
  project_.write("main.cc", "#include \"a.h\"\n#if 0\n#include \"b.h\"\n#endif\n");
  project_.write("a.h", "#include \"a.h\"\n#include \"a.h\"\n#include \"c.h\"\n");
  project_.write("b.h", "");
  project_.write("c.h", "");
  project_.budget.steps = 200'000;
  const Closure closure = project_.run();
  EXPECT_TRUE(closure.approximate);
  EXPECT_EQ(closure.give_up, GiveUp::None);
  EXPECT_THAT(names(closure), IsSupersetOf(Names{"main.cc", "a.h", "b.h", "c.h"}));
}

TEST_F(Limits, PathInsensitiveWalkFollowsComputedIncludes) {
  project_.write(
      "main.cc",
      "#include \"a.h\"\n#define S(x) #x\n#define T(x) S(x)\n#ifdef X\n#define N one\n#else\n#define "
      "N two\n#endif\n#include T(N.h)\n#if __has_include(\"probe.h\")\n#endif\n");
  project_.write("a.h", "#include \"a.h\"\n#include \"a.h\"\n");
  for (const char* name : {"one.h", "two.h", "probe.h"}) project_.write(name, "");
  project_.budget.steps = 10'000;
  const Closure closure = project_.run();
  EXPECT_TRUE(closure.approximate);
  EXPECT_EQ(closure.give_up, GiveUp::None) << closure.detail;
  EXPECT_THAT(names(closure), IsSupersetOf(Names{"one.h", "two.h", "probe.h"}));
}

TEST_F(Limits, PathInsensitiveWalkHasABudget) {
  project_.write("main.cc", "#include \"a.h\"\n");
  project_.write("a.h", "#include \"a.h\"\n#include \"a.h\"\n");
  project_.budget.steps = 100;
  project_.budget.path_insensitive_steps = 1;
  EXPECT_EQ(project_.run().give_up, GiveUp::Budget);
}

// The path-insensitive walk loses nothing either: it gives up if it cannot follow something.
class PathInsensitive : public Limits {
 protected:
  Closure run(const std::string& main) {
    project_.write("main.cc", "#include \"a.h\"\n" + main);
    project_.write("a.h", "#include \"a.h\"\n#include \"a.h\"\n");
    project_.budget.steps = 10'000;
    Closure closure = project_.run();
    EXPECT_TRUE(closure.approximate);
    EXPECT_NE(closure.inexact, "");
    return closure;
  }
};

TEST_F(PathInsensitive, FindsFindsFilesOfAssemblerCode) {
  project_.write("data.bin", "");
  EXPECT_THAT(names(run("asm(\".incbin \\\"data.bin\\\"\");\n")), IsSupersetOf(Names{"data.bin"}));
  const Closure closure =
      run("#define S(x) #x\n#define T(x) S(x)\n#define F data.bin\nasm(\".incbin \" T(T(F)));\n");
  EXPECT_EQ(closure.give_up, GiveUp::AssemblerFile);
  EXPECT_THAT(closure.detail, testing::HasSubstr("main.cc:5"));
}

TEST_F(PathInsensitive, GivesUpOnModules) {
  project_.flags = {"-std=c++20", "-fmodules-ts"};
  EXPECT_EQ(run("import other;\n").give_up, GiveUp::NotSendable);
}

TEST_F(PathInsensitive, GivesUpOnGivesUpOnHeadersThatExistOnlyPrecompiled) {
  project_.write("p.h.gch", "");
  EXPECT_EQ(run("#include \"p.h\"\n").give_up, GiveUp::NotSendable);
}

TEST_F(PathInsensitive, FindsFindsProbesInMacros) {
  for (const char* name : {"p.h", "q.h", "n.h"}) project_.write(name, "");
  const Closure closure =
      run("#define HAS_P __has_include(\"p.h\")\n#define HAS_Q(x) (x + __has_include(<q.h>))\n"
          "#define NAME \"n.h\"\n#define HAS_N __has_include(NAME)\n"
          "#if defined __has_include && defined(__has_include) && HAS_P && HAS_Q(1) && HAS_N\n#endif\n");
  EXPECT_EQ(closure.give_up, GiveUp::None) << closure.detail;
  EXPECT_THAT(names(closure), IsSupersetOf(Names{"p.h", "n.h"}));
  EXPECT_EQ(run("#define HAS(x) __has_include(x)\n").give_up, GiveUp::NotSendable);
  EXPECT_EQ(run("#define HAS __has_include\n").give_up, GiveUp::NotSendable);
}

TEST_F(Limits, ManyPastesWithOneOperand) {
  std::string text = "#define IS_MODULE(o) o##_MODULE\n";
  for (int i = 0; i < 20'000; ++i) text += "#if IS_MODULE(CONFIG_" + std::to_string(i) + ")\n#endif\n";
  project_.write("main.cc", text + "#include \"a.h\"\n");
  project_.write("a.h", "");
  const Closure closure = project_.run();
  EXPECT_FALSE(closure.approximate);
  EXPECT_EQ(names(closure).count("a.h"), 1U);
}

// Text that expansion creates is never freed, so its length counts as steps.
TEST_F(Limits, PastedTextCountsAsSteps) {
  std::string text = "#define P(a, b) a##b\n#define D0 xxxxxxxxxxxxxxxx\n#define Q(a, b) P(a, b)\n";
  for (int i = 1; i <= 7; ++i) {
    const std::string before = "D" + std::to_string(i - 1);
    text += "#define D" + std::to_string(i) + " Q(" + before + ", " + before + ")\n";
  }
  project_.write("main.cc", text);
  const std::uint64_t without = project_.run().steps;
  project_.write("main.cc", text + "#if D7\n#endif\n");
  EXPECT_GT(project_.run().steps, without + 16 * 128 / 4);
}

TEST_F(Limits, AnUnknownConditionThroughManyMacros) {
  std::string text;
  for (int i = 0; i < 90'000; ++i)
    text += "#define M" + std::to_string(i) + " M" + std::to_string(i + 1) + "\n";
  project_.write("main.cc",
                 text + "#define M90000 (__COUNTER__ || __has_include(\"a.h\"))\n#if M0\n#endif\n");
  project_.write("a.h", "");
  EXPECT_EQ(names(project_.run()).count("a.h"), 1U);
}

TEST_F(Limits, AMillionLines) {
  std::string text;
  for (int i = 0; i < 1'000'000; ++i) text += "int v; /* c */\n";
  project_.write("main.cc", "#include \"big.h\"\n#include \"a.h\"\n");
  project_.write("big.h", text);
  project_.write("a.h", "");
  EXPECT_EQ(names(project_.run()).count("a.h"), 1U);
  EXPECT_LT(project_.run().steps, 100'000U);
}

TEST_F(Limits, AHundredThousandIncludes) {
  std::string text;
  for (int i = 0; i < 100'000; ++i) text += "#include \"a.h\"\n";
  project_.write("main.cc", text);
  project_.write("a.h", "#ifdef A\n#include \"b.h\"\n#endif\n");
  project_.write("b.h", "");
  const Closure closure = project_.run();
  EXPECT_FALSE(closure.approximate);
  EXPECT_EQ(names(closure).count("b.h"), 0U);
}

TEST_F(Limits, BinaryGarbage) {
  std::string garbage;
  std::uint32_t state = 12345;
  for (int i = 0; i < 300'000; ++i) {
    state = state * 1664525U + 1013904223U;
    garbage += static_cast<char>(state >> 24U);
    if (i % 50 == 0) garbage += "\n#if\\\n";
  }
  project_.write("main.cc", garbage);
  EXPECT_EQ(names(project_.run()).count("main.cc"), 1U);
}

TEST_F(Limits, UnterminatedConstructs) {
  for (const char* text : {"/*",
                           "R\"x(",
                           "\"",
                           "'",
                           "#if 1",
                           "#include \"a",
                           "#include <a",
                           "#define F(",
                           "#define F(a",
                           "#if (",
                           "#if defined",
                           "#if __has_include(",
                           "#if __has_include(<",
                           "#include F(1",
                           "#define F(x) x\n#include F(",
                           "#define F(x) x\n#if F(",
                           "#",
                           "\\",
                           "#\\\n",
                           "#define",
                           "#undef",
                           "#ifdef",
                           "#pragma",
                           "#pragma push_macro(",
                           "_Pragma(",
                           "_Pragma(\"",
                           "#line",
                           "#include",
                           "#if 1 ?",
                           "#if 1 ? 2",
                           "#if ~",
                           "#if 1 +",
                           "#else\n#endif\n#elif",
                           "import",
                           "import <",
                           "%:",
                           "#define F(...) #__VA_OPT__(\n#if F()",
                           "#define F(x, ...) __VA_OPT__(x ## ) ## x\n#if F(1,2)"}) {
    project_.write("main.cc", text);
    EXPECT_EQ(project_.run().give_up, GiveUp::None) << text;
  }
}

TEST_F(Limits, LongElifChainsOfUnknowns) {
  std::string text = "#if __COUNTER__ == 0\n";
  for (int i = 1; i < 3000; ++i) text += "#elif __COUNTER__ == " + std::to_string(i) + "\n";
  project_.write("main.cc", text + "#endif\n#include \"a.h\"\n");
  project_.write("a.h", "");
  EXPECT_EQ(names(project_.run()).count("a.h"), 1U);
}

}  // namespace
}  // namespace pump::include_server
