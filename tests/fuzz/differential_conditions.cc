// Conditions of a random project: arithmetic that is equal in all dialects, and expressions that differ
// between dialects, charsets and compilers.
#include <fmt/format.h>

#include "tests/fuzz/differential_draft.h"

namespace pump::fuzz {
namespace {

/// Their value depends on the language, its standard, or an option.
std::string dialect_condition(Draft& draft) {
  Random& random = draft.random;
  switch (random.below(6)) {
    case 0:  // characters
      return random.any_of({"'\\xff' < 0", "'\\377' > 0", "L'\\xff' < 0", "u'\\xffff' > 0",
                            "U'\\xffffffff' > 0", "'ab' == 24930", "'abcde' > 0", "'\\0' == 0", "'\\e' == 27",
                            "L'\\xffffffff' < 0", "L'ab' > 'b'", "'\\x80' + 0 > 0", "u'a' - 1 > -1",
                            "'\\377' - 1 < 0", "L'\\0' - 1 < 0", "'a' - 98 < 0", "u8'a' - 98 < 0",
                            "u8'\\xff' > 0"});
    case 1:  // words
      return draft.cxx
                 ? random.any_of({"true", "true && !false", "(1 and 1)", "(not 0)", "(1 bitor 2) == 3",
                                  "(5 xor 1) == 4", "compl 0 == -1", "(1 not_eq 2)", "defined(M1) or M2 + 0"})
                 : random.any_of({"true", "false", "bool", "true + 1 == 2", "defined true"});
    case 2:  // tokens
      return random.any_of({"defined A$B",
                            "A$B + 0 == 2",
                            "8 //* x */ 8 != 1",
                            "0b101 == 5",
                            "0xffffffffffffffff > 0",
                            "-1 > 0u",
                            "(2 || 1 / 0)",
                            "1'000 == 1000",
                            "10ull > 3",
                            "(3, 4) == 4",
                            "1 ? 2 : (1 / 0)",
                            "9223372036854775807 + 1 < 0",
                            "-1 >> 1 == -1",
                            "1 << 63 < 0",
                            "~0u > 0xffffffff",
                            "(0 ? -1 : 0u) - 1 > 0",
                            "-9223372036854775807 - 1 < 0",
                            "18446744073709551615 > 0",
                            "3 <:1:> 2",
                            "1 ??!??! 0",
                            "M1 ??' 3",
                            "07 + 08 > 1",
                            "1 + /* */ 2 > 2 /**/"});
    case 3:  // predefined macros
      return random.any_of({"defined __STRICT_ANSI__",
                            "defined unix",
                            "linux + 0",
                            "__cplusplus > 201402L",
                            "__cplusplus + 0 >= 202002L",
                            "__STDC_VERSION__ + 0 >= 201112L",
                            "defined __OPTIMIZE__",
                            "defined __CHAR_UNSIGNED__",
                            "defined __EXCEPTIONS",
                            "defined __AVX2__",
                            "__WCHAR_MAX__ > 0x7fffffff",
                            "__SIZEOF_WCHAR_T__ == 2",
                            "defined __GNUC_GNU_INLINE__",
                            "defined __cpp_char8_t",
                            "defined _MSC_EXTENSIONS",
                            "defined _OPENMP",
                            "defined __PIC__",
                            "__FAST_MATH__ + 0",
                            "defined __SANITIZE_ADDRESS__",
                            "__GXX_RTTI + 0",
                            "__SIZEOF_POINTER__ == 4",
                            "__STDC__ + 0",
                            "__GNUC__ + 0 > 4",
                            "defined __NO_INLINE__",
                            "__STDC_HOSTED__",
                            "defined _GNU_SOURCE",
                            "__SSP_STRONG__ + 0 > 2"});
    case 4:  // __FILE__, __LINE__ and similar
      return random.any_of({"__LINE__ > 20", "__INCLUDE_LEVEL__ > 1", "defined __FILE__",
                            "defined __TIMESTAMP__", "defined __COUNTER__",
                            "defined(__has_include) && defined __has_include_next", "defined __BASE_FILE__",
                            "__LINE__ % 2", "defined _Pragma", "defined __VA_ARGS__",
                            "defined __DATE__ && !defined __TIME__X"});
    default:  // names
      return random.any_of(
          {"defined caf\\u00e9", "caf\\u00e9 + 0 == 1", "caf\xc3\xa9 + 0 == 1", "defined caf\xc3\xa9",
           "caf + 0 == 3", "\\U000000e9 + 0 == 2", "CAT(caf, \\u00e9) + 0 == 1",
           "CAT(caf, \xc3\xa9) + 0 == 2", "defined(\\u00E9)", "!defined(caf\\U000000E9)", "defined \\u{e9}",
           "defined \\N{LATIN SMALL LETTER E WITH ACUTE}", "$D + 0", "caf\\\n\\u00e9 + 0", "\\u\\\n00e9 + 0",
           "defined a\\u0301", "defined \xe3\x82\xbd", "\xe3\x82\xbd + 0 == 1"});
  }
}

/// Their value depends on the execution charset.
std::string charset_condition(Draft& draft) {
  draft.out.exact = false;
  return draft.random.any_of({"'A' == 65",          "'A' < 0",
                              "'A' == 193",         "'\\n' == 10",
                              "'\\n' == 37",        "'[' == 91",
                              "L'A' == 65",         "'\\u00e9' < 0",
                              "L'\\u00e9' == 0xe9", "'\xc3\xa9' < 0",
                              "L'\xc3\xa9' == 233", "'\xc3\xa9' == 50089",
                              "'\\u20ac' == 0",     "u'\xc3\xa9' == 233",
                              "U'\\u00e9' == 0xe9", "'\xc3\xa9' == -23",
                              "'\\x41' == 'A'",     "'\\101' == 'A'",
                              "' ' == 32",          "'a' == 129 - 256",
                              "L'\\x41' == L'A'",   "'ab' == 24930",
                              "'~' < '}'",          "'\\xe9' == '\xc3\xa9'"});
}

/// Their value depends on the compiler.
std::string feature_condition(Draft& draft) {
  draft.out.exact = false;
  const std::string ask = draft.random.any_of(
      {"__has_attribute(noreturn)", "__has_attribute(nodiscard)", "__has_attribute(__deprecated__)",
       "__has_attribute(nothing_such)", "__has_builtin(__builtin_nothing_such)",
       "__has_builtin(__builtin_expect)", "__has_attribute(gnu::unused)", "__has_attribute(M1)",
       "__has_attribute(fallthrough)", "__has_attribute(likely)", "__has_attribute(assume)"});
  std::string other =
      draft.cxx ? draft.random.any_of(
                      {"__has_cpp_attribute(nodiscard)", "__has_cpp_attribute(deprecated)",
                       "__has_cpp_attribute(gnu::noreturn)", "__has_cpp_attribute(fallthrough)",
                       "__has_cpp_attribute(carries_dependency)", "__has_cpp_attribute(no_unique_address)",
                       "__has_cpp_attribute(__gnu__::__unused__)", "__has_cpp_attribute(maybe_unused)"})
                : draft.random.any_of({"__has_attribute(deprecated)", "__has_attribute(cold)"});
  const std::string asked = draft.random.chance(50) ? ask : other;
  switch (draft.random.below(5)) {
    case 0:
      return asked;
    case 1:
      return asked + draft.random.any_of({" > 1", " >= 201603L", " == 201309", " >= 4294967296",
                                          " * 4294967296 > 0", " << 40 > 0"});
    case 2:
      return asked + draft.random.any_of(
                         {" + 0x7fffffff > 0", " - 201603 == 0", " == 200809L", " % 100 == 3", " < 201900"});
    case 3:
      return fmt::format("{} == {}", ask, other);
    default:
      return "!" + asked + " || " + expression(draft, 1);
  }
}

}  // namespace

std::string expression(Draft& draft, int depth) {
  Random& random = draft.random;
  if (depth <= 0 || random.chance(30)) {
    switch (random.below(7)) {
      case 0:
        return fmt::format("{}", random.below(4));
      case 1:
        return "defined " + draft.macro();
      case 2:
        return "defined(" + draft.macro() + ")";
      case 3:
        return fmt::format("{}0x{:x}U", random.chance(50) ? "-" : "", random.below(20));
      case 4:
        return fmt::format("ADD({}, {})", draft.macro(), random.below(3));
      case 5:
        return fmt::format("'{}'", static_cast<char>('a' + random.below(4)));
      default:
        return draft.macro();
    }
  }
  const std::vector<std::string> operators{
      "&&", "||", "+", "-", "*", "==", "!=", "<", ">", "<=", "|", "&", "^", "<<"};
  switch (random.below(5)) {
    case 0:
      return "!(" + expression(draft, depth - 1) + ")";
    case 1:
      return "(" + expression(draft, depth - 1) + " ? " + expression(draft, depth - 1) + " : " +
             expression(draft, depth - 1) + ")";
    default:
      return "(" + expression(draft, depth - 1) + " " + random.pick(operators) + " " +
             expression(draft, depth - 1) + ")";
  }
}

std::string condition(Draft& draft, const std::string& from) {
  Random& random = draft.random;
  if (random.chance(12)) {
    draft.out.exact = false;
    bool sure = false;
    std::string name = spelling(draft, from, random.below(draft.files.size()), sure);
    if (random.chance(12)) name = absolute_spelling(draft);
    return random.any_of(
               {"__has_include(", "__has_include(", "!__has_include(", "HAS(", "1 + __has_include("}) +
           name + ")" + (random.chance(30) ? " && " + expression(draft, 1) : "");
  }
  if (random.chance(3)) {
    draft.out.exact = false;
    return fmt::format("__COUNTER__ == {}", random.below(3));
  }
  if (random.chance(3)) return feature_condition(draft);
  if (random.chance(3)) return charset_condition(draft);
  if (random.chance(10)) return dialect_condition(draft);
  return expression(draft, 2);
}

}  // namespace pump::fuzz
