#include "pump/include_server/lexer/scan.h"

#include <gtest/gtest.h>

#include "pump/include_server/lexer/macro_definition.h"

namespace pump::include_server {
namespace {

std::shared_ptr<const Scan> scan(std::string_view text) {
  return scan_text(text, ScanMode{});
}

std::string guard(std::string_view text) {
  return std::string(spelling(scan(text)->guard));
}

TEST(Scan, FindsIncludeGuards) {
  EXPECT_EQ(guard("#ifndef A\n#define A\nint i;\n#endif\n"), "A");
  EXPECT_EQ(guard("/* licence */\n\n#ifndef A\n#endif // A"), "A");
  EXPECT_EQ(guard("#if !defined A\n#endif\n"), "A");
  EXPECT_EQ(guard("#if !defined(A)\n#if 1\n#else\n#endif\n#endif\n"), "A");
}

TEST(Scan, FindsNoGuardInOtherFiles) {
  EXPECT_EQ(guard("int i;\n#ifndef A\n#endif\n"), "");
  EXPECT_EQ(guard("#ifndef A\n#endif\nint i;\n"), "");
  EXPECT_EQ(guard("#ifndef A\n#else\n#endif\n"), "");
  EXPECT_EQ(guard("#ifndef A\n#endif\n#define B\n"), "");
  EXPECT_EQ(guard("#define B\n#ifndef A\n#endif\n"), "");
  EXPECT_EQ(guard("#if !defined A || 1\n#endif\n"), "");
  EXPECT_EQ(guard("#ifdef A\n#endif\n"), "");
  EXPECT_EQ(guard("#ifndef A\n"), "");
  EXPECT_EQ(guard("#error\n#ifndef A\n#endif\n"), "");
}

/// "kind name" of each pragma and refused directive.
std::vector<std::string> pragmas(std::string_view text) {
  std::vector<std::string> found;
  const auto made = scan(text);
  for (const Directive& directive : made->directives) {
    const std::string name(spelling(directive.name));
    if (directive.kind == DirectiveKind::HiddenPragma) found.push_back("hidden " + name);
    if (directive.kind == DirectiveKind::TargetPragma) found.push_back("options " + name);
    if (directive.kind == DirectiveKind::Refused) found.push_back("refused " + name);
    if (directive.kind == DirectiveKind::PragmaOnce) found.push_back("once");
  }
  return found;
}

TEST(Scan, FindsPragmasMadeByMacros) {
  using Found = std::vector<std::string>;
  EXPECT_EQ(pragmas("#define A _Pragma(\"GCC target(\\\"avx2\\\")\")\n"), Found{"options target"});
  EXPECT_EQ(pragmas("#define A DO_PRAGMA(GCC optimize 2)\n"), Found{"options optimize"});
  EXPECT_EQ(pragmas("#define A(x) DO_PRAGMA(GCC x)\n"), Found{"options x"});
  EXPECT_EQ(pragmas("DO_PRAGMA(GCC optimize(\"O3\"))\n"), Found{"options optimize"});
  EXPECT_EQ(pragmas("int i; DO_PRAGMA(GCC target(x))\n"), Found{"options target"});
  EXPECT_EQ(pragmas("#define A _Pragma(\" once\")\n"), Found{"hidden "});
  EXPECT_EQ(pragmas("#define A _Pragma(STRING(once))\n"), Found{"hidden "});
  EXPECT_EQ(pragmas("DO_PRAGMA(once)\n"), Found{"hidden "});
  EXPECT_EQ(pragmas("PRAGMA_OF(\"once\")\n"), Found{"hidden "});
  EXPECT_EQ(pragmas("A(\"GCC optimize 2\")\n"), Found{"options optimize"});
  EXPECT_EQ(pragmas("A(\"push_macro(\\\"X\\\")\")\n"), Found{"hidden X"});
  EXPECT_EQ(pragmas("_Pragma(NAME)\n"), Found{"hidden "});
  EXPECT_EQ(pragmas("_Pragma(\"once\")\n"), Found{"once"});
  EXPECT_EQ(pragmas("#define A _Pragma(\"GCC system_header\")\n"), Found{"hidden "});
  EXPECT_EQ(pragmas("#define A _Pragma(\"GCC dependency \\\"x.h\\\"\")\n").size(), 1U);
  EXPECT_EQ(pragmas("#define A _Pragma(\"push_macro(\\\"X\\\")\")\n"), Found{"hidden X"});
  EXPECT_EQ(pragmas("#define A _Pragma(\"push_macro(\\\"caf\\\\u00e9\\\")\")\n"), Found{"hidden "});
  EXPECT_EQ(pragmas("#pragma clang module import x\n"), Found{"refused #pragma clang module"});
}

TEST(Scan, FindsNoPragmasInOtherText) {
  EXPECT_TRUE(pragmas("#define A(x) _Pragma(#x)\n#define B _Pragma(\"GCC diagnostic push\")\n").empty());
  EXPECT_TRUE(pragmas("#define A(x) _Pragma(STRING(GCC diagnostic ignored x))\n").empty());
  EXPECT_TRUE(pragmas("#define A call(once)\n#define B \"GCC \" __VERSION__\n").empty());
  EXPECT_TRUE(pragmas("call(\"once\"); print(\"GCC is a compiler\"); print(\"pop_macro\");\n").empty());
  EXPECT_TRUE(
      pragmas("call(once); /* GCC target */ // GCC optimize\nconst char* s = \"GCC target\";\n").empty());
  EXPECT_TRUE(pragmas("__attribute__((target(\"avx2\"))) void f();\n").empty());
}

TEST(Scan, RefusesNamesThatCompilersDisagreeAbout) {
  for (const char* text :
       {"#define caf\xcc\x80\n", "#undef caf\\u{e9}\n", "#define \\N{X} 1\n", "#define caf\xe9 1\n"})
    EXPECT_EQ(pragmas(text).size(), 1U) << text;
  for (const char* text : {"#define caf\xc3\xa9\n", "#undef caf\\u00e9\n", "#define A caf\xcc\x80\n"})
    EXPECT_TRUE(pragmas(text).empty()) << text;
  ScanMode c90;
  c90.lex.unicode_names = false;
  EXPECT_EQ(scan_text("#define caf\xc3\xa9\n", c90)->directives.at(0).kind, DirectiveKind::Refused);
  EXPECT_EQ(guard("#ifndef caf\xcc\x80\n#endif\n"), "") << "it is an expression with an unknown value";
}

TEST(Scan, ReadsDigraphsIfTheModeHasThem) {
  ScanMode c90;
  c90.lex.digraphs = false;
  EXPECT_TRUE(scan_text("%:define A\n", c90)->directives.empty());
  EXPECT_EQ(scan("%:define A\n")->directives.size(), 1U);
}

TEST(Scan, LinksTheBranchesOfAGroup) {
  const auto made = scan("#if 1\n#if 2\n#endif\n#elif 3\n#define X\n#else\n#endif\n#undef Y\n");
  const auto& directives = made->directives;
  ASSERT_EQ(directives.size(), 8U);
  EXPECT_EQ(directives[0].next, 3U);
  EXPECT_EQ(directives[0].end, 7U);
  EXPECT_EQ(directives[1].next, 2U);
  EXPECT_EQ(directives[1].end, 3U);
  EXPECT_EQ(directives[3].next, 5U);
  EXPECT_EQ(directives[5].next, 6U);
  EXPECT_EQ(directives[5].end, 7U);
}

TEST(Scan, ClosesOpenGroupsAndIgnoresStrayEnds) {
  const auto made = scan("#endif\n#else\n#if 1\n#define A\n");
  ASSERT_EQ(made->directives.size(), 2U);
  EXPECT_EQ(made->directives[0].next, 2U);
  EXPECT_EQ(made->directives[0].end, 2U);
}

TEST(Scan, FindsDirectivesAfterTextLines) {
  const auto lines_of = [](std::string_view text) {
    std::vector<std::uint32_t> lines;
    const auto made = scan(text);
    for (const Directive& directive : made->directives) lines.push_back(directive.line);
    return lines;
  };
  using Lines = std::vector<std::uint32_t>;
  EXPECT_EQ(lines_of("a;\n\n\tb(); // c \\\n#define X\n 1;\n \t# define A\nd\n"), Lines{6});
  EXPECT_EQ(lines_of("a\n/* b\n */ #define A\n"), Lines{3});
  EXPECT_EQ(lines_of("a\n// b /*\n#define A\n"), Lines{3});
  EXPECT_EQ(lines_of("a\n\f#define A\n\\\n#define B\nc\n%:define C\n"), (Lines{2, 4, 6}));
  EXPECT_EQ(lines_of("a\n 'b\n#define A\n \"c\n#define B\n1'000\n#define C"), (Lines{3, 5, 7}));
  EXPECT_EQ(lines_of("a\nimport <b>;\n  export module c;\nimported d;\nexporter\n"), (Lines{2, 3}));
  EXPECT_EQ(lines_of("a\r\nb\r\n#define A\r#define B\r"), (Lines{3, 4}));
}

TEST(Scan, ReadsNamesAndOperandsWithSplicesAndComments) {
  const auto texts_of = [](std::string_view text) {
    std::string texts;
    const auto made = scan(text);
    for (const Directive& directive : made->directives) {
      texts += directive.kind == DirectiveKind::Define ? made->definitions[directive.slot].text()
                                                       : made->operand(directive);
      texts += '|';
    }
    return texts;
  };
  EXPECT_EQ(texts_of("#define A b1/**/c 1'0 '\"' \"//\" << 0x1'f d\\\ne\n"),
            " b1 c 1'0 '\"' \"//\" << 0x1'f de|");
  EXPECT_EQ(texts_of("# /**/ if x/y <z> // w\n#el\\\nif 'a'\n#endif"), " x/y <z> | 'a'||");
  EXPECT_EQ(texts_of("#if(1)\n#elif\t2\n#endif/**/\n"), "(1)|\t2||");
}

TEST(Scan, NumbersLines) {
  const auto made =
      scan("/*\n\n*/ #define A\nint i; \\\n int j;\n#define B \\\n 1\nR\"(\n\n)\"\n#define C\n");
  ASSERT_EQ(made->directives.size(), 3U);
  EXPECT_EQ(made->directives[0].line, 3U);
  EXPECT_EQ(made->directives[1].line, 6U);
  EXPECT_EQ(made->directives[2].line, 11U);
}

TEST(Scan, KeepsOnlyTheTextOfDirectives) {
  const auto made =
      scan("const char* s = \"a\"; auto r = R\"(text)\";\n#include <vector>\n#pragma omp parallel\n");
  EXPECT_EQ(made->text, "");
  ASSERT_EQ(made->directives.size(), 1U);
  EXPECT_EQ(spelling(made->directives[0].name), "vector");
  EXPECT_EQ(made->directives[0].flags, kAngled);
}

TEST(Scan, JoinsLinesInsideNumbersAndLiterals) {
  EXPECT_EQ(scan("int i = 1'\\\n000; /*\n#include \"no.h\"\n*/\n")->directives.size(), 0U);
  EXPECT_EQ(scan("#if 1'\\\n000 /*\n#include \"no.h\"\n*/\n#endif\n")->directives.size(), 2U);
  const auto assembler = scan("asm(\".inc\\\nbin \\\"x\\\"\");\n");
  ASSERT_EQ(assembler->directives.size(), 1U);
  EXPECT_EQ(assembler->directives[0].kind, DirectiveKind::AssemblerFile);
  EXPECT_EQ(spelling(assembler->directives[0].name), "x");
}

TEST(Scan, ReadsTrigraphs) {
  ScanMode mode;
  mode.lex.trigraphs = true;
  EXPECT_EQ(scan_text("int a?\?(3?\?); /*\n#include \"no.h\"\n*/\n", mode)->directives.size(), 0U);
  EXPECT_EQ(scan_text("int a?\?(3?\?); // /*\n#include \"yes.h\"\n", mode)->directives.size(), 1U);
  const auto division = scan_text("#if a /?\?(\n#endif\n", mode);
  ASSERT_EQ(division->directives.size(), 2U);
  EXPECT_EQ(division->operand(division->directives[0]), " a /[");
  EXPECT_EQ(scan("#include F(a <b\r\n")->text, " F(a <b");
  EXPECT_EQ(scan_text("int a?\?(3?\?); R\"\n#include \"yes.h\"\n", mode)->directives.size(), 1U);
}

TEST(Scan, DoesNotReadPastAnUnterminatedLiteral) {
  const std::string_view text = "\".incbin";
  // Without a terminating NUL: sanitizers report a read past the end.
  const std::vector<char> bytes(text.begin(), text.end());
  EXPECT_EQ(scan_text(std::string_view(bytes.data(), bytes.size()), ScanMode{})->directives.size(), 0U);
}

TEST(Scan, DependsOnTheMode) {
  ScanMode trigraphs;
  trigraphs.lex.trigraphs = true;
  EXPECT_EQ(scan_text("?\?=define A\n", trigraphs)->directives.size(), 1U);
  EXPECT_EQ(scan("?\?=define A\n")->directives.size(), 0U);
  ScanMode old;
  old.lex.raw_strings = false;
  EXPECT_EQ(scan_text("R\"(\n#define A\n)\"\n", old)->directives.size(), 1U);
  EXPECT_EQ(scan("R\"(\n#define A\n)\"\n")->directives.size(), 0U);
}

TEST(Macro, ParsesParametersAndBody) {
  const ParsedMacro macro = parse_macro("(a, b, ...) a ## b #__VA_ARGS__", LexMode{});
  EXPECT_TRUE(macro.valid && macro.function_like && macro.variadic);
  EXPECT_EQ(macro.parameters, 3);
  ASSERT_EQ(macro.body.size(), 3U);
  EXPECT_EQ(macro.body[0].kind, TokenKind::Parameter);
  EXPECT_TRUE((macro.body[0].flags & kPasteLeft) != 0);
  EXPECT_TRUE((macro.body[2].flags & kStringify) != 0);
  EXPECT_EQ(macro.body[2].extra, 2);
}

TEST(Macro, RefusesBrokenParameterLists) {
  for (const char* text : {"(", "(a", "(a b", "(1)", "(..., a)"})
    EXPECT_FALSE(parse_macro(text, LexMode{}).valid && text[1] != 'a') << text;
}

TEST(Interner, GivesEachSpellingOneSymbol) {
  EXPECT_EQ(intern("defined"), known::kDefined);
  EXPECT_EQ(intern(""), known::kEmpty);
  const Symbol fresh = intern("pump_symbols_test");
  EXPECT_EQ(intern("pump_symbols_test"), fresh);
  EXPECT_EQ(spelling(fresh), "pump_symbols_test");
  EXPECT_LT(fresh, symbol_count());
}

}  // namespace
}  // namespace pump::include_server
