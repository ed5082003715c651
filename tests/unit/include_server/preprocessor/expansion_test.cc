// Macro expansion: the examples of the C and C++ standards, and the behaviour of cpplib.
#include "pump/include_server/preprocessor/expansion.h"

#include <gtest/gtest.h>

#include "pump/include_server/lexer/scan.h"

namespace pump::include_server {
namespace {

class UnknownEnvironment : public ExpansionEnvironment {
 public:
  Token value_of(Builtin) override { return Token{0, TokenKind::Unknown, 0, 0}; }
  std::optional<bool> has_include(Builtin, std::string_view, bool) override { return std::nullopt; }
  std::optional<std::int64_t> query(const std::string&) override { return std::nullopt; }
};

/// The expansion of `text`, tokens separated by one blank.
std::string expand(const std::string& definitions, const std::string& text, bool clang = false) {
  MacroTable macros;
  UnknownEnvironment environment;
  StepCounter steps{0, 1'000'000};
  Expander expander(macros, environment, steps);
  expander.set_language(LexMode{}, clang);
  const auto scan = scan_text(definitions, ScanMode{});
  for (const Directive& directive : scan->directives)
    macros.set(directive.name, MacroState(&scan->definitions[directive.slot]));
  std::vector<Token> tokens;
  tokenize(text, LexMode{}, HeaderNames::None, tokens);
  expander.start(tokens, false);
  std::string result;
  for (Token token = expander.next(); token.kind != TokenKind::End; token = expander.next()) {
    if (!result.empty()) result += ' ';
    result += spelling(token.text);
  }
  if (expander.failed()) result += " FAILED";
  return result;
}

const char* const kStandard =
    "#define x 3\n#define f(a) f(x * (a))\n#undef x\n#define x 2\n#define g f\n#define z z[0]\n#define h "
    "g(~\n"
    "#define m(a) a(w)\n#define w 0,1\n#define t(a) a\n#define p() int\n#define q(x) x\n#define r(x,y) x ## "
    "y\n"
    "#define str(x) # x\n";

TEST(Expansion, ExamplesOfTheStandard) {
  EXPECT_EQ(expand(kStandard, "f(y+1) + f(f(z)) % t(t(g)(0) + t)(1);"),
            "f ( 2 * ( y + 1 ) ) + f ( 2 * ( f ( 2 * ( z [ 0 ] ) ) ) ) % f ( 2 * ( 0 ) ) + t ( 1 ) ;");
  EXPECT_EQ(expand(kStandard, "g(x+(3,4)-w) | h 5) & m(f)^m(m);"),
            "f ( 2 * ( 2 + ( 3 , 4 ) - 0 , 1 ) ) | f ( 2 * ( ~ 5 ) ) & f ( 2 * ( 0 , 1 ) ) ^ m ( 0 , 1 ) ;");
  EXPECT_EQ(expand(kStandard, "p() i[q()] = { q(1), r(2,3), r(4,), r(,5), r(,) };"),
            "int i [ ] = { 1 , 23 , 4 , 5 , } ;");
  EXPECT_EQ(expand(kStandard, "char c[2][6] = { str(hello), str() };"),
            "char c [ 2 ] [ 6 ] = { \"hello\" , \"\" } ;");
}

TEST(Expansion, Pasting) {
  const char* definitions =
      "#define hash_hash # ## #\n#define mkstr(a) # a\n#define in_between(a) mkstr(a)\n"
      "#define join(c, d) in_between(c hash_hash d)\n";
  EXPECT_EQ(expand(definitions, "join(x, y)"), "\"x ## y\"");
  EXPECT_EQ(expand("#define t(x,y,z) x ## y ## z\n",
                   "t(1,2,3) t(,4,5) t(6,,7) t(8,9,) t(10,,) t(,11,) t(,,12) t(,,)"),
            "123 45 67 89 10 11 12");
}

TEST(Expansion, Stringification) {
  const char* definitions = "#define s(x) #x\n#define xs(x) s(x)\n#define e\n#define f(x) x\n";
  EXPECT_EQ(expand(definitions, "s( a   b )"), "\"a b\"");
  EXPECT_EQ(expand(definitions, "s(\"a\\n\" '\"')"), "\"\\\"a\\\\n\\\" '\\\"'\"");
  EXPECT_EQ(expand(definitions, "xs(a e b) xs(a f(e) b) xs(f(a)f(b)) xs(a e/b)"),
            "\"a b\" \"a b\" \"ab\" \"a /b\"");
}

TEST(Expansion, VariadicMacros) {
  EXPECT_EQ(expand("#define f(x, ...) g(x, ## __VA_ARGS__)\n", "f(1) f(1,2,3)"), "g ( 1 ) g ( 1 , 2 , 3 )");
  EXPECT_EQ(expand("#define f(x, y...) g(x, ## y)\n", "f(1) f(1,)"), "g ( 1 ) g ( 1 , )");
  EXPECT_EQ(expand("#define f(x, ...) g(x, ## __VA_ARGS__)\n", "f(1,)", true), "g ( 1 , )");
  const char* optional =
      "#define f(a,...) f(0 __VA_OPT__(,) __VA_ARGS__)\n#define e\n#define s(x, ...) #__VA_OPT__(x y)\n"
      "#define h(x, ...) __VA_OPT__(x ## x) ## 1\n";
  EXPECT_EQ(expand(optional, "f(a, b, c) f(a) f(a,) f(a, e)"), "f ( 0 , b , c ) f ( 0 ) f ( 0 ) f ( 0 )");
  EXPECT_EQ(expand(optional, "s(1, 2) s(1)"), "\"1 y\" \"\"");
  EXPECT_EQ(expand(optional, "h(a, 1) h(a)"), "aa1 1");
}

TEST(Expansion, NamesThatAreNotInvocations) {
  EXPECT_EQ(expand("#define f(x) x\n", "f + f(f)(1)"), "f + f ( 1 )");
  EXPECT_EQ(expand("#define f() 1\n#define g f\n", "g () g"), "1 f");
  // Both compilers paint the inner f, because its replacement is still being read.
  EXPECT_EQ(expand("#define f(x) x f\n", "f(1)(2)(3)"), "1 f ( 2 ) ( 3 )");
}

TEST(Expansion, WrongArgumentsFail) {
  EXPECT_EQ(expand("#define f(x, y) x\n", "f(1)"), " FAILED");
  EXPECT_EQ(expand("#define f() x\n", "f(1)"), " FAILED");
  EXPECT_EQ(expand("#define f(x) x\n", "f(1"), " FAILED");
}

TEST(Expansion, DeferredInvocations) {
  const char* definitions =
      "#define EMPTY()\n#define DEFER(id) id EMPTY()\n#define EXPAND(...) __VA_ARGS__\n#define A() 123\n";
  EXPECT_EQ(expand(definitions, "DEFER(A)()"), "A ( )");
  EXPECT_EQ(expand(definitions, "EXPAND(DEFER(A)())"), "123");
}

}  // namespace
}  // namespace pump::include_server
