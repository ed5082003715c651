// Pragmas and unusual definitions of a random project.
#include <fmt/format.h>

#include "tests/fuzz/differential_draft.h"

namespace pump::fuzz {
namespace {

std::string in_quotes(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

}  // namespace

std::string pragma(Draft& draft, const std::string& text) {
  if (draft.random.chance(70)) return "#pragma " + text + "\n";
  switch (draft.random.below(8)) {
    case 0:
      return "_Pragma(" + in_quotes(text) + ")\n";
    case 1:
      return "DO(" + text + ")\n";
    case 2:
      return "#undef P\n#define P DO(" + text + ")\nP\n";
    case 3:
      return "#undef P\n#define P(x) _Pragma(" + in_quotes(text) + ") x\nP() P() /* */\n";
    case 4:
      return "%:pragma " + text + "\n";
    case 5:
      return "#pragma \\\n" + text + "\n";
    case 6:
      return "_Pragma /* */ (\n  " + in_quotes(text) + "\n)\n";
    default:
      return "_Pragma(L" + in_quotes(text) + ") extern int after_pragma;\n";
  }
}

std::string telling_pragma(Draft& draft, const std::string& from) {
  Random& random = draft.random;
  bool sure = false;
  const auto shown = [&](const std::string& condition) {
    draft.out.exact = false;
    const bool include = random.chance(50);
    const std::string name = spelling(draft, from, random.below(draft.files.size()), sure);
    return "#if " + condition + "\n" +
           (include
                ? fmt::format("#if __has_include({0})\n{1}#endif\n", name, observation(draft, "probed", ""))
                : observation(draft, "pragma", "")) +
           "#endif\n";
  };
  switch (random.below(12)) {
    case 0:
      return pragma(draft, random.any_of({"GCC target(\"avx2\")", "GCC target(\"no-sse3\")",
                                          "GCC target(\"arch=haswell\")"})) +
             shown(random.any_of({"defined __AVX2__", "defined __SSE3__"}));
    case 1:
      return pragma(draft, random.any_of({"GCC optimize(\"O2\")", "GCC optimize \"O0\"",
                                          "GCC optimize(\"fast-math\")", "GCC optimize 3"})) +
             shown(random.any_of({"defined __OPTIMIZE__", "__FAST_MATH__ + 0", "defined __NO_INLINE__"}));
    case 2:
      return pragma(draft, "GCC push_options") + pragma(draft, "GCC optimize(\"O3\")") +
             pragma(draft, "GCC target(\"avx2\")") +
             (random.chance(50) ? pragma(draft, random.any_of({"GCC pop_options", "GCC reset_options"}))
                                : "") +
             shown(random.any_of({"defined __OPTIMIZE__", "defined __AVX2__"}));
    case 3:
      return pragma(draft, "GCC system_header");
    case 4: {
      const std::string name = spelling(draft, from, random.below(draft.files.size()), sure);
      draft.out.exact = false;
      return fmt::format("#if __has_include({})\n{}#endif\n", name, pragma(draft, "GCC dependency " + name));
    }
    case 5:
      return pragma(draft, "GCC poison unused_name");
    case 6: {
      const std::string name = random.any_of(
          {"caf\xc3\xa9", "A$B", "caf\\u00e9", "__LINE__", "__FILE__", "__AVX2__", "__OPTIMIZE__"});
      return pragma(draft, fmt::format("push_macro(\"{}\")", name)) +
             fmt::format("#undef {0}\n#define {0} 1\n", name) +
             pragma(draft, fmt::format("pop_macro(\"{}\")", name)) + shown("defined " + name);
    }
    case 7:
      return pragma(draft, "once");
    case 8:
      return pragma(draft,
                    random.any_of({"GCC diagnostic push", "pack(1)", "weak some_name", "STDC FP_CONTRACT ON",
                                   "message(\"M1\")", "omp parallel", "clang diagnostic push",
                                   "GCC visibility push(default)", "unknown thing"}));
    case 9:
      draft.out.may_give_up = true;
      return pragma(draft, "include_alias(\"a.h\", \"b.h\")");
    case 10:
      return pragma(draft, "push_macro(\"M1\") trailing") + "#undef M1\n" +
             pragma(draft, "pop_macro( \"M1\" )");
    default:
      return "__pragma(" + std::string(random.any_of({"once", "push_macro(\"M1\")"})) + ")\n";
  }
}

std::string odd_definition(Draft& draft) {
  std::string line = draft.random.any_of({"#define A$B 2",
                                          "#define caf\\u00e9 1",
                                          "#define caf\xc3\xa9 2",
                                          "#undef caf\\u00E9",
                                          "#define \\u00e9 2",
                                          "??=define M1 3",
                                          "??=undef M2",
                                          "// what??/\n#define M3 3",
                                          "#define $D 1",
                                          "#define caf 3",
                                          "#undef caf\xc3\xa9",
                                          "#define \xe3\x82\xbd 1",
                                          "%:define M4 2",
                                          "#define M1 4 //* x */ 2",
                                          "#define M2 'a",
                                          "#define M5 \"??/\" 3",
                                          "#define M0 CAT(%:, %:)",
                                          "#ident \"x\"",
                                          "#define M3(x) x",
                                          "#define M3() 2",
                                          "#define M4 defined(M1)",
                                          "#define M5 __has_include(\"inc/a.h\")",
                                          "#define M2 __LINE__",
                                          "#define M1 __COUNTER__",
                                          "#define M1 M2 M3",
                                          "#undef __STRICT_ANSI__",
                                          "#define __INCLUDE_LEVEL__ 7",
                                          "#define M0 0b1",
                                          "#define M1 1'0",
                                          "#define M2 0x1p3",
                                          "#define M4 'ab'",
                                          "#define M3 u8'a'",
                                          "#define M5(...) __VA_OPT__(1) + 1",
                                          "#define M2 ADD(M1,)",
                                          "#define M0 -",
                                          "#undef HAS\n#define HAS(x) 1",
                                          "#define __has_include(x) 0",
                                          "#define M4 L'\\u00e9'",
                                          "#define M1 \\u00e9",
                                          "#define M5 caf\xc3\xa9",
                                          "#define M0 __FILE__",
                                          "#define M3 A$B"});
  if (line.find("__has_include") != std::string::npos || line.find("COUNTER") != std::string::npos)
    draft.out.exact = false;
  return line;
}

}  // namespace pump::fuzz
