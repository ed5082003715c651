#include "pump/include_server/preprocessor/expression.h"

#include <gtest/gtest.h>

#include "pump/include_server/lexer/scan.h"
#include "pump/include_server/preprocessor/expression_value.h"

namespace pump::include_server {
namespace {

class FakeEnvironment : public ExpansionEnvironment {
 public:
  Token value_of(Builtin) override { return Token{0, TokenKind::Unknown, 0, 0}; }
  std::optional<bool> has_include(Builtin, std::string_view name, bool) override { return name == "yes.h"; }
  std::optional<std::int64_t> query(const std::string&) override { return std::nullopt; }
};

class Expression : public testing::Test {
 protected:
  Truth evaluate(const std::string& text, const std::string& definitions = {}) {
    steps_.limit = 1'000'000;
    const auto scan = scan_text(definitions, ScanMode{});
    macros_.reset();
    for (const Directive& directive : scan->directives)
      macros_.set(directive.name, MacroState(&scan->definitions[directive.slot]));
    macros_.set(known::kCounter, MacroState(&counter_));
    macros_.set(known::kHasInclude, MacroState(&has_include_));
    expander_.set_language(LexMode{}, false);
    std::vector<Token> tokens;
    tokenize(text, LexMode{}, HeaderNames::AfterHasInclude, tokens);
    ExpressionEvaluator evaluator(macros_, expander_);
    const auto quick = evaluator.evaluate_quickly(tokens, Dialect{});
    const Truth full = evaluator.evaluate(tokens, Dialect{});
    EXPECT_EQ(quick.value_or(full), full) << text;
    return full;
  }
  MacroTable macros_;
  FakeEnvironment environment_;
  StepCounter steps_;
  Expander expander_{macros_, environment_, steps_};
  Definition counter_{known::kCounter, Builtin::Unknown};
  Definition has_include_{known::kHasInclude, Builtin::HasInclude};
};

TEST_F(Expression, IsUnknownWhereCompilersDisagree) {
  for (const char* text : {"0xFFFFFFFFFFFFFFFFu >> 64", "u8'a' == 97", "'\\x000000041f'", "caf\\u0300 == 0",
                           "caf\\u{e9} == 0", "caf\\N{DIGIT ONE}", "defined caf\xcc\x80"})
    EXPECT_EQ(evaluate(text), Truth::Unknown) << text;
  EXPECT_EQ(evaluate("'\\x000000000041' == 65"), Truth::True);
}

TEST_F(Expression, AUniversalCharacterNameEqualsItsLetter) {
  const std::string macros =
      "#define caf\xc3\xa9 2\n#define \\u00e9(\\u00ea) \xc3\xaa\n#define CAT(a, b) a##b\n";
  for (const char* text : {"caf\\u00e9 == 2", "caf\\U000000e9 == 2", "\xc3\xa9(3) == 3",
                           "CAT(caf, \xc3\xa9) == 2", "defined(caf\\u00e9) && !defined(caf)"})
    EXPECT_EQ(evaluate(text, macros), Truth::True) << text;
  EXPECT_EQ(evaluate("CAT(caf, \\u00e9)", macros), Truth::Unknown) << "for clang this is another name";
}

TEST(LiteralValue, DependsOnTheExecutionCharacterSet) {
  const auto value = [](std::string_view text, const Dialect& dialect) {
    return literal_value(Token{intern(text), TokenKind::Character, 0, 0}, dialect);
  };
  EXPECT_FALSE(value("'A'", {.ascii = false}).known);
  EXPECT_TRUE(value("L'A'", {.ascii = false}).known);
  EXPECT_FALSE(value("L'A'", {.wide_ascii = false}).known);
  EXPECT_TRUE(value("'A'", {.wide_ascii = false}).known);
  EXPECT_TRUE(value("L'A'", {.signed_wide = false}).is_unsigned);
  EXPECT_FALSE(value("L'A'", {}).is_unsigned);
}

TEST_F(Expression, ComputesLikeTheCompilers) {
  for (const char* text : {"1",
                           "-1",
                           "!0",
                           "1 + 2 == 3",
                           "2 - 3 < 0",
                           "2u - 3 > 0",
                           "7 / -2 == -3",
                           "-7 % 4 == -3",
                           "1 << 3 == 8",
                           "-8 >> 1 == -4",
                           "(1, 0) == 0",
                           "0 ? 0 : 1",
                           "1 ? 1 : (1 / 0)",
                           "0x7fffffffffffffff + 0 > 0",
                           "'a' == 97",
                           "'\\0' == 0",
                           "'\\377' < 0 || 1",
                           "0b101 == 5",
                           "1'000'000 == 1000000",
                           "017 == 15",
                           "true",
                           "not false",
                           "undefined_name == 0",
                           "-9223372036854775807 - 1 < 0",
                           "(-9223372036854775807 - 1) / -1 != 1",
                           "1 == 1u",
                           "~0u == 18446744073709551615u",
                           "(2 || 1 / 0) && !(0 && 1 / 0)",
                           "__has_include(<yes.h>)",
                           "!__has_include(\"no.h\")",
                           "8 | 4 ^ 2 & 1"})
    EXPECT_EQ(evaluate(text), Truth::True) << text;
  for (const char* text : {"0", "1 == 2", "!1", "0x0", "false", "0 || 0", "defined nothing", "(0)", "1 - 1"})
    EXPECT_EQ(evaluate(text), Truth::False) << text;
}

TEST_F(Expression, IsUnknownIfItCannotBeEvaluated) {
  for (const char* text :
       {"", "1 +", "(1", "1 2", "1 / 0", "__COUNTER__", "1.5", "1_x", "\"s\"", "#", "defined", "? 1 : 2",
        "__COUNTER__ ? 1 : 0", "99999999999999999999", "__COUNTER__ || 0"})
    EXPECT_EQ(evaluate(text), Truth::Unknown) << text;
  EXPECT_EQ(evaluate("__COUNTER__ && 0"), Truth::False);
  EXPECT_EQ(evaluate("1 || __COUNTER__"), Truth::True);
  EXPECT_EQ(evaluate("__COUNTER__ ? 2 : 2"), Truth::True);
}

TEST_F(Expression, ExpandsMacros) {
  const std::string definitions =
      "#define ONE 1\n#define ALIAS ONE\n#define EMPTY\n#define F(x, y) ((x) * 10 + (y))\n#define LOOP LOOP\n"
      "#define HAS defined\n#define A B\n#define B A\n";
  for (const char* text :
       {"ONE", "ALIAS == 1", "EMPTY 1", "F(1, 2) == 12", "F(F(1,1),ONE) == 111", "LOOP == 0", "HAS ONE",
        "HAS(EMPTY)", "defined(F)", "A == 0", "F == 0", "F (ALIAS, 0) == 10"})
    EXPECT_EQ(evaluate(text, definitions), Truth::True) << text;
  EXPECT_EQ(evaluate("F(1)", definitions), Truth::Unknown);
  EXPECT_EQ(evaluate("EMPTY", definitions), Truth::Unknown);
}

TEST_F(Expression, NamesTheMacroThatHasAlternatives) {
  const auto scan = scan_text("#define A 1\n#define A 2\n", ScanMode{});
  const Symbol name = scan->directives[0].name;
  macros_.set(name, macros_.several({&scan->definitions[0], &scan->definitions[1]}));
  steps_.limit = 1000;
  std::vector<Token> tokens;
  tokenize("A == 1", LexMode{}, HeaderNames::None, tokens);
  ExpressionEvaluator evaluator(macros_, expander_);
  EXPECT_FALSE(evaluator.evaluate_quickly(tokens, Dialect{}).has_value());
  EXPECT_EQ(evaluator.evaluate(tokens, Dialect{}), Truth::Unknown);
  EXPECT_EQ(evaluator.ambiguous(), name);
  EXPECT_FALSE(macros_.disabled(name));
}

}  // namespace
}  // namespace pump::include_server
