// The engine against real compilers: what they open is what the closure enters, no more.
#include "pump/include_server/preprocessor.h"

#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "preprocessor_project.h"

namespace pump::include_server {
namespace {

using testing::IsSupersetOf;

struct Case {
  const char* name;
  std::vector<std::pair<std::string, std::string>> files;
  std::vector<std::string> flags = {};
  const char* language = "c++";
  const char* source = "main.cc";
  /// Files probed but not entered, which must be in the closure, too.
  std::set<std::string> probed = {};
  /// "g++" or "clang++" where the other one rejects the input or does something else on purpose.
  const char* only = nullptr;
};

void PrintTo(const Case& one, std::ostream* out) { *out << one.name; }

class EngineAgainstCompiler : public testing::TestWithParam<std::tuple<const char*, Case>> {};

TEST_P(EngineAgainstCompiler, EntersTheSameFiles) {
  const auto& [compiler, one] = GetParam();
  if (one.only != nullptr && std::string(one.only) != compiler) GTEST_SKIP() << "a case for " << one.only << " only";
  CompilerProject project(compiler);
  if (!project.available()) GTEST_SKIP() << compiler << " is not installed";
  for (const auto& [path, content] : one.files) project.write(path, content);
  project.flags = one.flags;
  project.language = one.language;
  project.source = one.source;
  const auto expected = project.by_compiler();
  ASSERT_TRUE(expected.has_value()) << project.complaint;
  const std::set<std::string> entered = project.by_engine();
  const std::set<std::string> needed = project.needed();
  EXPECT_THAT(needed, IsSupersetOf(*expected));  // clang lists what __has_include finds, too
  EXPECT_THAT(*expected, IsSupersetOf(entered));
  EXPECT_THAT(basenames(needed), IsSupersetOf(one.probed));
}

std::string case_name(const testing::TestParamInfo<std::tuple<const char*, Case>>& info) {
  return std::string(std::get<1>(info.param).name) + (std::get<0>(info.param)[0] == 'g' ? "_gcc" : "_clang");
}

const std::string kSpliced = "#in\\\nclude \"a.h\"\n#\\\n  include \"b\\\n.h\"\n#define X \\  \n \"c.h\"\n#include X\n";

const std::vector<Case> kCases = {
    // Row 1: computed includes.
    {"macro", {{"main.cc", "#define H \"a.h\"\n#include H\n"}, {"a.h", ""}}},
    {"macro_angled", {{"main.cc", "#define H <d/a.h>\n#include H\n"}, {"d/a.h", ""}}, {"-I."}},
    {"stringify", {{"main.cc", "#define S(x) #x\n#define T(x) S(x)\n#define N a\n#include T(N.h)\n"}, {"a.h", ""}}},
    {"stringify_blanks", {{"main.cc", "#define S(x) #x\n#include S(  a   b.h  )\n"}, {"a b.h", ""}}},
    {"stringify_empty_between", {{"main.cc", "#define E\n#define S(x) #x\n#define T(x) S(x)\n#include T(d/E a.h)\n"}, {"d/ a.h", ""}}},
    {"paste", {{"main.cc", "#define C(a,b) a##b\n#define ab \"a.h\"\n#include C(a,b)\n"}, {"a.h", ""}}},
    {"paste_indirect", {{"main.cc", "#define C(a,b) C2(a,b)\n#define C2(a,b) a##b\n#define V 3\n#define h3 \"a.h\"\n#include C(h,V)\n"}, {"a.h", ""}}},
    {"paste_prevents_expansion", {{"main.cc", "#define C(a,b) a##b\n#define V 3\n#define hV \"a.h\"\n#include C(h,V)\n"}, {"a.h", ""}}},
    {"stringify_and_paste", {{"main.cc", "#define S(x) #x\n#define T(x) S(x)\n#define C(a,b) a##b\n#include T(C(fo,o).h)\n"}, {"foo.h", ""}}},
    {"variadic_stringify", {{"main.cc", "#define S(...) #__VA_ARGS__\n#include S(a,b.h)\n"}, {"a,b.h", ""}}},
    {"variadic_named", {{"main.cc", "#define S(x...) #x\n#include S(a, b.h)\n"}, {"a, b.h", ""}}},
    {"va_opt", {{"main.cc", "#define F(a,...) __VA_OPT__(\"yes.h\") \n#include F(1,2)\n"}, {"yes.h", ""}}, {"-std=c++20"}},
    {"va_opt_empty", {{"main.cc", "#define F(a,...) \"no\" __VA_OPT__(yes)\n#define G(a,...) a __VA_OPT__(\"x.h\")\n#include G(\"no.h\")\n"}, {"no.h", ""}}, {"-std=c++20"}},
    {"va_opt_paste", {{"main.cc", "#define S(x) #x\n#define T(x) S(x)\n#define F(a,...) a ## __VA_OPT__(b) ## c\n#include T(F(x,1).h)\n#include T(F(y).h)\n"}, {"xbc.h", ""}, {"yc.h", ""}}, {"-std=c++20"}},
    {"gnu_comma", {{"main.cc", "#define C(x, ...) D(x, ## __VA_ARGS__)\n#define D(...) E(__VA_ARGS__, 2, 1)\n#define E(a, b, n, ...) H##n\n#define H1 \"one.h\"\n#define H2 \"two.h\"\n#include C(a)\n#include C(a,b)\n"}, {"one.h", ""}, {"two.h", ""}}},
    {"empty_macro_before", {{"main.cc", "#define E\n#include E \"a.h\"\n"}, {"a.h", ""}}},
    {"empty_macro_before_angled", {{"main.cc", "#define E\n#include E <a.h>\n"}, {"a.h", ""}}, {"-I."}},
    {"from_command_line", {{"main.cc", "#include C\n"}, {"a=b.h", ""}}, {"-DC=\"a=b.h\""}},
    {"angled_from_pieces", {{"main.cc", "#define L <\n#define R >\n#define N d/a.h\n#include L N R\n"}, {"d/a.h", ""}, {"d /a.h", ""}, {" d/a.h", ""}, {" d/a.h ", ""}, {"d/a.h ", ""}}, {"-I."}},
    {"angled_with_macro_inside", {{"main.cc", "#define D dir\n#define INC(x) <D/x.h>\n#include INC(a)\n"}, {"dir/a.h", ""}}, {"-I."}},
    {"rescan_with_rest", {{"main.cc", "#define f(x) \"a.h\"\n#define g f\n#include g(1)\n"}, {"a.h", ""}}},
    {"recursive_macro", {{"main.cc", "#define a a.h\n#define S(x) #x\n#define T(x) S(x)\n#include T(a)\n"}, {"a.h.h", ""}, {"a.h", ""}}},
    {"disabled_in_argument", {{"main.cc", "#define f(x) x\n#define S(x) #x\n#define T(x) S(x)\n#include T(f(f(a.h)))\n"}, {"a.h", ""}}},
    {"file_macro", {{"main.cc", "#include \"d/self.h\"\n"}, {"d/self.h", "#ifndef ONCE\n#define ONCE\n#include __FILE__\n#endif\n"}, {"d/d/self.h", ""}}, {"-I."}},
    {"line_macro", {{"main.cc", "#if __LINE__ == 1\n#include \"a.h\"\n#endif\n#line 77\n#if __LINE__ == 77\n#include \"b.h\"\n#endif\n"}, {"a.h", ""}, {"b.h", ""}}},
    {"include_level", {{"main.cc", "#if __INCLUDE_LEVEL__ == 0\n#include \"a.h\"\n#endif\n"}, {"a.h", "#if __INCLUDE_LEVEL__ == 1\n#include \"b.h\"\n#endif\n"}, {"b.h", ""}}},
    {"empty_arguments", {{"main.cc", "#define F(a,b,c) a##b##c\n#define xz \"a.h\"\n#include F(x,,z)\n"}, {"a.h", ""}}},
    {"no_arguments", {{"main.cc", "#define F() \"a.h\"\n#include F( )\n"}, {"a.h", ""}}},
    {"parentheses_in_arguments", {{"main.cc", "#define F(a,b) b\n#include F((x,y), \"a.h\")\n"}, {"a.h", ""}}},
    {"name_without_arguments", {{"main.cc", "#define f() 1\n#define S(x) #x\n#define T(x) S(x)\n#include T(f.h)\n"}, {"f.h", ""}}},
    {"boost_stringize", {{"main.cc", "#define CAT(a,b) CAT_I(a,b)\n#define CAT_I(a,b) a ## b\n#define STR(x) STR_I(x)\n#define STR_I(x) #x\n#define V 1\n#include STR(d/CAT(h, V).hpp)\n"}, {"d/h1.hpp", ""}}},

    // Row 2: only what is compiled.
    {"define_then_undefine", {{"main.cc", "#ifdef A\n#include \"a.h\"\n#else\n#include \"b.h\"\n#endif\n"}, {"a.h", ""}, {"b.h", ""}}, {"-DA", "-UA"}},
    {"if_zero", {{"main.cc", "#if 0\n#include \"a.h\"\n#elif 1\n#include \"b.h\"\n#else\n#include \"c.h\"\n#endif\n"}, {"a.h", ""}, {"b.h", ""}, {"c.h", ""}}},
    {"elif_chain", {{"main.cc", "#define V 3\n#if V == 1\n#include \"a.h\"\n#elif V == 2\n#include \"b.h\"\n#elif V == 3\n#include \"c.h\"\n#elif V == 3\n#include \"d.h\"\n#else\n#include \"e.h\"\n#endif\n#include \"f.h\"\n"}, {"c.h", ""}, {"d.h", ""}, {"f.h", ""}}},
    {"elifdef", {{"main.cc", "#define B\n#ifdef A\n#include \"a.h\"\n#elifdef B\n#include \"b.h\"\n#endif\n"}, {"b.h", ""}}, {"-std=c++2b"}},
    {"nested_dead", {{"main.cc", "#if 0\n#if 1\n#include \"a.h\"\n#else\n#include \"a.h\"\n#endif\n#else\n#include \"b.h\"\n#endif\n"}, {"a.h", ""}, {"b.h", ""}}},
    {"push_pop", {{"main.cc", "#define A 1\n#pragma push_macro(\"A\")\n#undef A\n#pragma pop_macro(\"A\")\n#ifdef A\n#include \"a.h\"\n#endif\n"}, {"a.h", ""}}},
    {"push_pop_undefined", {{"main.cc", "#pragma push_macro(\"A\")\n#define A\n#pragma pop_macro(\"A\")\n#ifdef A\n#include \"a.h\"\n#endif\n"}, {"a.h", ""}}},
    {"pragma_operator_push_pop", {{"main.cc", "#define A 1\n_Pragma(\"push_macro(\\\"A\\\")\")\n#undef A\n_Pragma(\"pop_macro(\\\"A\\\")\")\n#ifdef A\n#include \"a.h\"\n#endif\n"}, {"a.h", ""}}},
    {"commented_out", {{"main.cc", "/*\n#include \"a.h\"\n*/\n// \\\n#include \"a.h\"\n/* x */ #include \"b.h\" // y\n/*\n*/ # /* z */ include /* w */ \"c.h\" /*\n*/\n"}, {"a.h", ""}, {"b.h", ""}, {"c.h", ""}}},
    {"in_raw_string", {{"main.cc", "const char* s = R\"x(\n#include \"a.h\"\n)x\"; /* R\"( */\n#include \"b.h\"\n"}, {"a.h", ""}, {"b.h", ""}}},
    {"raw_prefixes", {{"main.cc", "auto a = u8R\"(\n#include \"a.h\"\n)\", b = LR\"(/*)\", c = uR\"(\")\", d = UR\"(\\)\";\n#include \"b.h\"\n"}, {"a.h", ""}, {"b.h", ""}}},
    {"no_raw_in_identifier", {{"main.cc", "#define FOOR\nconst char* s = FOOR\"(\";\n#include \"b.h\"\n"}, {"b.h", ""}}},
    {"raw_not_in_98", {{"main.cc", "#define R\nconst char* s = R\"(\";\n#include \"b.h\"\n"}, {"b.h", ""}}, {"-std=c++98"}},
    {"raw_with_delimiter", {{"main.cc", "const char* s = R\"ab(\n)\" )a\" )abc\"\n#include \"a.h\"\n)ab\";\n#include \"b.h\"\n"}, {"a.h", ""}, {"b.h", ""}}},
    {"string_with_comment", {{"main.cc", "const char* s = \"/*\"; char c = '\"'; const char* t = \"//\\\"/*\";\n#include \"a.h\"\n"}, {"a.h", ""}}},
    {"unterminated_apostrophe_in_dead_code", {{"main.cc", "#if 0\ndon't /* do\n#else\n#include \"a.h\"\n#endif\n"}, {"a.h", ""}}},
    {"arithmetic", {{"main.cc", "#if (1 + 2 * 3 == 7) && (-1 < 0) && !(-1 < 0u) && (7 / 2 == 3) && (-7 % 3 == -1) && (1 << 4) == 16 && (~0 == -1) && (5 ^ 1) == 4 && (6 & 3) == 2 && (6 | 1) == 7\n#include \"a.h\"\n#endif\n"}, {"a.h", ""}}},
    {"ternary", {{"main.cc", "#if 0 ? 1 : 2 ? 3 : 4\n#include \"a.h\"\n#endif\n#if (1 ? 0 : 1)\n#include \"b.h\"\n#endif\n"}, {"a.h", ""}, {"b.h", ""}}},
    {"short_circuit", {{"main.cc", "#if defined A && A(1)\n#include \"a.h\"\n#elif 0 && (1 / 0)\n#include \"b.h\"\n#else\n#include \"c.h\"\n#endif\n"}, {"a.h", ""}, {"b.h", ""}, {"c.h", ""}}, {"-DA(x)=0"}},
    {"number_forms", {{"main.cc", "#if 0x10 == 16 && 010 == 8 && 0b11 == 3 && 1'000 == 1000 && 10ULL == 10 && 'a' == 97 && '\\n' == 10 && '\\x41' == 65 && '\\101' == 'A' && 'ab' == 24930 && L'a' == 97\n#include \"a.h\"\n#endif\n"}, {"a.h", ""}}},
    {"unsigned_wrap", {{"main.cc", "#if 0xFFFFFFFFFFFFFFFF == -1 && 18446744073709551615u > 0 && (0u - 1) > 0 && (-1 >> 63) == -1\n#include \"a.h\"\n#endif\n"}, {"a.h", ""}}},
    {"named_operators", {{"main.cc", "#if (1 and 1) and not 0 and (0 or 1) and (5 bitand 4) and compl 0 and (1 xor 0) and (1 not_eq 2) and (0 bitor 1)\n#include \"a.h\"\n#endif\n"}, {"a.h", ""}}},
    {"true_false", {{"main.cc", "#if true && !false\n#include \"a.h\"\n#endif\n"}, {"a.h", ""}}},
    {"true_in_c", {{"main.c", "#if true\n#include \"a.h\"\n#endif\n"}, {"a.h", ""}}, {"-std=gnu11"}, "c", "main.c"},
    {"defined_by_expansion", {{"main.cc", "#define HAS(x) defined(x)\n#define HAS_A defined A\n#define A\n#if HAS_A && HAS(B)\n#include \"a.h\"\n#elif HAS_A\n#include \"b.h\"\n#endif\n"}, {"a.h", ""}, {"b.h", ""}}},
    {"function_like_in_if", {{"main.cc", "#define V(a,b,c) ((a)*10000+(b)*100+(c))\n#define CUR V(1,2,3)\n#if CUR >= V(1,2,0)\n#include \"a.h\"\n#endif\n"}, {"a.h", ""}}},
    {"function_name_alone_in_if", {{"main.cc", "#define F(x) 1\n#if F\n#include \"a.h\"\n#else\n#include \"b.h\"\n#endif\n"}, {"a.h", ""}, {"b.h", ""}}},
    {"guards", {{"main.cc", "#include \"a.h\"\n#include \"a.h\"\n#include \"b.h\"\n"}, {"a.h", "#ifndef A_H\n#define A_H\n#include \"b.h\"\n#endif\n"}, {"b.h", "#if !defined(B_H)\n#define B_H\n#include \"a.h\"\n#endif\n"}}},
    {"guard_defined_before", {{"main.cc", "#define A_H\n#include \"a.h\"\n"}, {"a.h", "#ifndef A_H\n#define A_H\n#include \"b.h\"\n#endif\n"}, {"b.h", ""}}},
    {"pragma_once", {{"main.cc", "#include \"a.h\"\n#define SECOND\n#include \"./a.h\"\n#include \"d/../a.h\"\n"}, {"a.h", "#pragma once\n#ifdef SECOND\n#include \"b.h\"\n#endif\n"}, {"b.h", ""}, {"d/x.h", ""}}},
    {"pragma_operator_once", {{"main.cc", "#include \"a.h\"\n#define SECOND\n#include \"a.h\"\n"}, {"a.h", "_Pragma(\"once\")\n#ifdef SECOND\n#include \"b.h\"\n#endif\n"}, {"b.h", ""}}},
    {"redefinition", {{"main.cc", "#define V 1\n#undef V\n#define V 2\n#if V == 2\n#include \"a.h\"\n#endif\n"}, {"a.h", ""}}},

    // Row 3: __has_include.
    {"has_include", {{"main.cc", "#if __has_include(\"a.h\")\n#include \"b.h\"\n#endif\n"}, {"a.h", ""}, {"b.h", ""}}, {}, "c++", "main.cc", {"a.h"}},
    {"has_include_missing", {{"main.cc", "#if __has_include(\"nope.h\")\n#include \"a.h\"\n#else\n#include \"b.h\"\n#endif\n"}, {"a.h", ""}, {"b.h", ""}}},
    {"has_include_angled", {{"main.cc", "#if __has_include(<d/a//b.h>)\n#include \"b.h\"\n#endif\n"}, {"d/a/b.h", ""}, {"b.h", ""}}, {"-I."}},
    {"has_include_of_macro", {{"main.cc", "#define H \"a.h\"\n#if __has_include(H)\n#include \"b.h\"\n#endif\n"}, {"a.h", ""}, {"b.h", ""}}, {}, "c++", "main.cc", {"a.h"}},
    {"has_include_in_macro", {{"main.cc", "#define HAS(x) __has_include(x)\n#if HAS(\"a.h\") && HAS(<b.h>)\n#include \"c.h\"\n#endif\n"}, {"a.h", ""}, {"b.h", ""}, {"c.h", ""}}, {"-I."}, "c++", "main.cc", {"a.h", "b.h"}},
    {"has_include_not_expanded", {{"main.cc", "#define foo bar\n#if __has_include(<foo.h>)\n#include <foo.h>\n#endif\n"}, {"foo.h", ""}, {"bar.h", ""}}, {"-I."}},
    {"has_include_defined", {{"main.cc", "#ifdef __has_include\n#if defined __has_include && __has_include(\"a.h\")\n#include \"b.h\"\n#endif\n#endif\n"}, {"a.h", ""}, {"b.h", ""}}, {}, "c++", "main.cc", {"a.h"}},
    {"has_include_next", {{"main.cc", "#include <a.h>\n"}, {"one/a.h", "#if __has_include_next(<a.h>)\n#include \"b.h\"\n#endif\n"}, {"two/a.h", ""}, {"one/b.h", ""}}, {"-Ione", "-Itwo"}, "c++", "main.cc", {"a.h", "b.h"}},

    // Row 4: include_next.
    {"include_next", {{"main.cc", "#include <a.h>\n"}, {"one/a.h", "#include_next <a.h>\n"}, {"two/a.h", "#include_next <a.h>\n"}, {"three/a.h", ""}}, {"-Ione", "-Itwo", "-Ithree"}},
    {"include_next_quoted", {{"main.cc", "#include <a.h>\n"}, {"one/a.h", "#include_next \"a.h\"\n"}, {"two/a.h", ""}}, {"-Ione", "-Itwo"}},
    {"include_next_computed", {{"main.cc", "#include <a.h>\n"}, {"one/a.h", "#define N <a.h>\n#include_next N\n"}, {"two/a.h", ""}}, {"-Ione", "-Itwo"}},
    {"include_next_in_source", {{"main.cc", "#include_next \"a.h\"\n#include_next <b.h>\n"}, {"a.h", ""}, {"one/b.h", ""}}, {"-Ione"}},
    {"include_next_beside", {{"main.cc", "#include \"d/a.h\"\n"}, {"d/a.h", "#include_next \"a.h\"\n"}, {"one/a.h", ""}}, {"-Ione"}, "c++", "main.cc", {}, "g++"},
    {"include_next_beside_in_chain", {{"src/main.cc", "#include \"a.h\"\n"}, {"src/a.h", "#include_next <a.h>\n"}, {"one/a.h", "#define ONE\n"}}, {"-Isrc", "-Ione"}, "c++", "src/main.cc", {}, "clang++"},
    {"include_next_other_name", {{"main.cc", "#include <a.h>\n"}, {"one/a.h", "#include_next <b.h>\n"}, {"one/b.h", "#error\n"}, {"two/b.h", ""}}, {"-Ione", "-Itwo"}},

    // Row 5: forced includes.
    {"forced", {{"main.cc", "#ifdef A\n#include \"b.h\"\n#endif\n"}, {"a.h", "#define A\n"}, {"b.h", ""}}, {"-include", "a.h"}},
    {"forced_macros", {{"main.cc", "#ifdef A\n#include \"b.h\"\n#endif\n"}, {"a.h", "#define A\n#include \"c.h\"\n"}, {"b.h", ""}, {"c.h", ""}}, {"-imacros", "a.h"}},
    {"forced_from_cwd_not_source", {{"src/main.cc", ""}, {"a.h", ""}, {"src/a.h", "#error\n"}}, {"-include", "a.h"}, "c++", "src/main.cc"},
    {"forced_through_path", {{"main.cc", ""}, {"inc/a.h", ""}}, {"-Iinc", "-include", "a.h"}},
    {"forced_nested", {{"main.cc", ""}, {"d/a.h", "#include \"b.h\"\n"}, {"d/b.h", ""}}, {"-include", "d/a.h"}},
    {"forced_macros_first", {{"main.cc", ""}, {"a.h", "#ifdef M\n#include \"b.h\"\n#endif\n"}, {"m.h", "#define M\n"}, {"b.h", ""}}, {"-include", "a.h", "-imacros", "m.h"}},

    // Row 6 in part: chains as the compiler lists them.
    {"quote_before_bracket", {{"main.cc", "#include \"a.h\"\n#include <a.h>\n"}, {"q/a.h", ""}, {"i/a.h", ""}}, {"-iquote", "q", "-Ii"}},
    {"beside_before_quote", {{"src/main.cc", "#include \"a.h\"\n#include \"d/b.h\"\n"}, {"src/a.h", ""}, {"q/a.h", ""}, {"src/d/b.h", "#include \"a.h\"\n"}}, {"-iquote", "q"}, "c++", "src/main.cc"},
    {"after_directory", {{"main.cc", "#include <a.h>\n#include <b.h>\n"}, {"z/a.h", ""}, {"z/b.h", ""}, {"i/a.h", ""}}, {"-idirafter", "z", "-Ii"}},

    // Row 11: lexical oddities.
    {"splices", {{"main.cc", kSpliced}, {"a.h", ""}, {"b.h", ""}, {"c.h", ""}}},
    {"splice_with_cr", {{"main.cc", "#in\\\r\nclude \"a.h\"\r\n#if 1 \\\r\n && 1\r\n#include \"b.h\"\r\n#endif\r\n"}, {"a.h", ""}, {"b.h", ""}}},
    {"splice_in_comment", {{"main.cc", "/\\\n* comment *\\\n/ #include \"a.h\"\n/\\\n/ comment \\\n#include \"no.h\"\n#include \"b.h\"\n"}, {"a.h", ""}, {"b.h", ""}}},
    {"splice_ends_string", {{"main.cc", "const char* s = \"a\\\n\\\"/*\";\n#include \"a.h\"\n"}, {"a.h", ""}}},
    {"splice_at_end", {{"main.cc", "#include \"a.h\"\\"}, {"a.h", ""}}, {}, "c++", "main.cc", {}, "g++"},
    {"digraphs", {{"main.cc", "%:include \"a.h\"\n%:define C(a,b) a%:%:b\n%:define S(x) %:x\n%:include S(b.h)\n#define cd \"c.h\"\n#include C(c,d)\n"}, {"a.h", ""}, {"b.h", ""}, {"c.h", ""}}},
    {"trigraphs", {{"main.cc", "?\?=include \"a.h\"\n#in?\?/\nclude \"b.h\"\nconst char* s = \"?\?/\"/*\";\n#include \"c.h\"\n"}, {"a.h", ""}, {"b.h", ""}, {"c.h", ""}}, {"-trigraphs"}},
    {"no_trigraphs", {{"main.cc", "// what?\?/\n#include \"a.h\"\n"}, {"a.h", ""}}},
    {"comments_in_directive", {{"main.cc", "/**/#/**/include/**/\"a.h\"/**/\n#/*\n*/define/**/H/**/\"b.h\"\n#include/**/H\n"}, {"a.h", ""}, {"b.h", ""}}},
    {"form_feed", {{"main.cc", "\f#\vdefine\tH\f\"a.h\"\n#\tinclude\vH\n"}, {"a.h", ""}}, {"-w"}},
    {"crlf", {{"main.cc", "#define A\r\n#ifdef A\r\n#include \"a.h\"\r\n#else\r\n#include \"b.h\"\r\n#endif\r\n"}, {"a.h", "#pragma once\r\n"}, {"b.h", ""}}},
    {"lone_cr", {{"main.cc", "int a;\r#include \"a.h\"\n#include \"b.h\"\n"}, {"a.h", ""}, {"b.h", ""}}},
    {"byte_order_mark", {{"main.cc", "\xEF\xBB\xBF#include \"a.h\"\n"}, {"a.h", "\xEF\xBB\xBF#ifndef A\n#define A\n#include \"b.h\"\n#endif\n"}, {"b.h", ""}}},
    {"no_final_newline", {{"main.cc", "#include \"a.h\"\n#include \"b.h\""}, {"a.h", "#define X"}, {"b.h", ""}}},
    {"digit_separator_quote", {{"main.cc", "int i = 1'000'0;\n#include \"a.h\"\nint j = 2'0; /*'*/\n#include \"b.h\"\n"}, {"a.h", ""}, {"b.h", ""}}},
    {"digit_separator_hides_comment", {{"main.cc", "int i = 1'000 /* '\n#include \"no.h\"\n' */;\n#include \"a.h\"\n"}, {"a.h", ""}}},
    {"nul_bytes", {{"main.cc", std::string("#include\0\"a.h\"\n", 15)}, {"a.h", ""}}, {"-w"}},
    {"comment_hides_quote", {{"main.cc", "// it's\n/* \" */\n#include \"a.h\"\n"}, {"a.h", ""}}},
    {"quote_in_define", {{"main.cc", "#define Q '\"'\n#define P \"'\"\n#include \"a.h\"\n"}, {"a.h", ""}}},
    {"line_comment_in_90", {{"main.c", "int a = 4 //* */ 2\n;\n#include \"a.h\"\n"}, {"a.h", ""}}, {"-std=c90"}, "c", "main.c"},
    {"error_in_dead_code", {{"main.cc", "#if 0\n#error isn't\n#bogus \"\n#endif\n#include \"a.h\"\n"}, {"a.h", ""}}},
    {"warning_with_apostrophe", {{"main.cc", "#warning don't\n#include \"a.h\"\n"}, {"a.h", ""}}, {"-w"}},
    {"escaped_quote_character", {{"main.cc", "char a = '\\''; char b = '\\\\'; /* ' */\n#include \"a.h\"\n"}, {"a.h", ""}}},
    {"comment_start_in_header_name", {{"main.cc", "#include \"d//a.h\"\n#include <d//b.h>\n"}, {"d/a.h", ""}, {"d/b.h", ""}}, {"-I."}},

    // Row 12: names.
    {"odd_names", {{"main.cc", "#include \"a b.h\"\n#include \"@x~&%$=()'.h\"\n#include <b#c.h>\n#include \"\xC3\xA9.h\"\n#include \"\xFF.h\"\n"}, {"a b.h", ""}, {"@x~&%$=()'.h", ""}, {"b#c.h", ""}, {"\xC3\xA9.h", ""}, {"\xFF.h", ""}}, {"-I."}, "c++", "main.cc", {}, "g++"},
    {"backslash_name", {{"main.cc", "#include \"a\\b.h\"\n"}, {"a\\b.h", ""}}, {}, "c++", "main.cc", {}, "g++"},

    // Row 13: languages.
    {"import", {{"main.m", "#import \"a.h\"\n#define SECOND\n#import \"a.h\"\n#include \"a.h\"\n"}, {"a.h", "#ifdef SECOND\n#include \"b.h\"\n#endif\n"}, {"b.h", ""}}, {}, "objective-c", "main.m", {}, "clang++"},
    {"import_in_cxx", {{"main.cc", "#include \"a.h\"\n#define SECOND\n#import \"a.h\"\n"}, {"a.h", "#ifdef SECOND\n#include \"b.h\"\n#endif\n"}, {"b.h", ""}}, {"-w"}},
    {"assembler", {{"main.S", "# it's a comment\n#define A 1\n#if A\n#include \"a.h\"\n#endif\n  mov $'a, %eax\n  /* '\n */\n#include \"b.h\"\n#ifdef __ASSEMBLER__\n#include \"c.h\"\n#endif\n"}, {"a.h", ""}, {"b.h", ""}, {"c.h", ""}}, {}, "assembler-with-cpp", "main.S"},
    {"plain_c", {{"main.c", "#ifdef __cplusplus\n#include \"a.h\"\n#else\n#include \"b.h\"\n#endif\n"}, {"a.h", ""}, {"b.h", ""}}, {}, "c", "main.c"},

    // Row 16: odd files.
    {"self_including", {{"main.cc", "#ifndef N\n#define N 1\n#include \"main.cc\"\n#elif N == 1\n#undef N\n#define N 2\n#include \"main.cc\"\n#else\n#include \"a.h\"\n#endif\n"}, {"a.h", ""}}},
    {"double_slash_and_dots", {{"src/main.cc", "#include \"d//a.h\"\n#include \"./b.h\"\n#include \"../src/c.h\"\n#include \"d/../../src/./e.h\"\n"}, {"src/d/a.h", ""}, {"src/b.h", ""}, {"src/c.h", ""}, {"src/e.h", ""}}, {}, "c++", "src/main.cc"},
    {"directory_named_like_header", {{"main.cc", "#include <x.h>\n"}, {"one/x.h/placeholder", ""}, {"two/x.h", ""}}, {"-Ione", "-Itwo"}},
    {"own_stdc_predef", {{"main.cc", ""}, {"inc/stdc-predef.h", "#include \"b.h\"\n"}, {"inc/b.h", ""}}, {"-Iinc"}},
    {"missing_parent", {{"main.cc", "#if __has_include(\"no/../a.h\")\n#include \"b.h\"\n#endif\n"}, {"a.h", ""}, {"b.h", ""}}},
    {"empty_file", {{"main.cc", ""}}},
    {"absolute_dead", {{"main.cc", "#if 0\n#include \"/no/such/file.h\"\n#endif\n"}}},
    {"standard_library", {{"main.cc", "#include <vector>\n#include <iostream>\n#include <cmath>\n#include <limits.h>\n"}}},
    {"standard_library_c", {{"main.c", "#include <stdio.h>\n#include <stdlib.h>\n#include <tgmath.h>\n#include <limits.h>\n#include <stdatomic.h>\n"}}, {}, "c", "main.c"},
    {"standard_library_20", {{"main.cc", "#include <ranges>\n#include <coroutine>\n#include <span>\n"}}, {"-std=c++20"}},
    {"feature_queries", {{"main.cc", "#if defined __has_builtin\n#if __has_builtin(__builtin_expect)\n#include \"a.h\"\n#else\n#include \"b.h\"\n#endif\n#endif\n#if __has_cpp_attribute(nodiscard) >= 201603\n#include \"c.h\"\n#endif\n"}, {"a.h", ""}, {"b.h", ""}, {"c.h", ""}}},
};

INSTANTIATE_TEST_SUITE_P(Cases, EngineAgainstCompiler,
                         testing::Combine(testing::Values("g++", "clang++"), testing::ValuesIn(kCases)), case_name);

}  // namespace
}  // namespace pump::include_server
