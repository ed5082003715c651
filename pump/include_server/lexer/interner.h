// Interned spellings: each token text and each spelling of a path is one 32-bit number, the same in all
// threads.
//
// Any thread. Symbols are never freed. Those in sources are bounded by the files that the server has read.
// Those that macro expansion makes are bounded by may_make(), and for each unit by Expander.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace pump::include_server {

using Symbol = std::uint32_t;  ///< 0 is the empty spelling

/// The longest spelling that expansion interns, in bytes: PATH_MAX, because a longer one cannot name a file.
constexpr std::size_t kLongestMade = 4096;

/// What all expansions together may add, in bytes: far more than programs do, and a server can keep it for days.
constexpr std::size_t kMostMade = 64U << 20U;

Symbol intern(std::string_view text);
/// As intern(), but not a mention: for names of macros that the compiler or its command line defines.
Symbol intern_given(std::string_view text);
/// True once intern() was called with the text: it may be a word of some directive or token. While it is
/// false, no file that was evaluated so far uses a macro of that name.
bool is_mentioned(std::string_view text);
/// Call this before a spelling that macro expansion made is interned. The number of bytes that it adds: 0 if it is
/// known. Nothing: it would exceed kMostMade, and must not be interned.
std::optional<std::size_t> may_make(std::string_view text);
std::string_view spelling(Symbol symbol);
/// One more than the largest symbol.
std::size_t symbol_count();

// Spellings that the code compares with have fixed numbers.
// clang-format off
#define PUMP_KNOWN_SYMBOLS(S)                                                                                \
  S(kDefined, "defined")                                                                                     \
  S(kVaArgs, "__VA_ARGS__") S(kVaOpt, "__VA_OPT__") S(kTrue, "true") S(kFalse, "false") S(kAnd, "and")       \
      S(kOr, "or") S(kNot, "not") S(kBitand, "bitand") S(kBitor, "bitor") S(kXor, "xor") S(kCompl, "compl")  \
          S(kNotEq, "not_eq") S(kLine, "__LINE__") S(kFile, "__FILE__") S(kBaseFile, "__BASE_FILE__")        \
              S(kFileName, "__FILE_NAME__") S(kIncludeLevel, "__INCLUDE_LEVEL__") S(kCounter, "__COUNTER__") \
                  S(kDate, "__DATE__") S(kTime, "__TIME__") S(kTimestamp, "__TIMESTAMP__") S(kPrettyFunction, "__PRETTY_FUNCTION__")                   \
                      S(kHasInclude, "__has_include") S(kHasIncludeNext, "__has_include_next") S(            \
                          kHasEmbed, "__has_embed") S(kPragmaOperator, "_Pragma") S(kOnce, "once")           \
                          S(kPushMacro, "push_macro") S(kPopMacro, "pop_macro") S(kGcc, "GCC") S(            \
                              kDependency, "dependency") S(kSystemHeader, "system_header") S(kZero, "0") S(kOne, "1") S(kEmptyString, "\"\"")  \
                              S(kOpen, "(") S(kClose, ")") S(kComma, ",") S(kHash, "#") S(kHashHash, "##")   \
                                  S(kEllipsis, "...") S(kLess, "<") S(kGreater, ">") S(kLessEq, "<=")        \
                                      S(kGreaterEq, ">=") S(kEqEq, "==") S(kBangEq, "!=") S(kBang, "!")      \
                                          S(kTilde, "~") S(kPlus, "+") S(kMinus, "-") S(kStar, "*")          \
                                              S(kSlash, "/") S(kPercent, "%") S(kShl, "<<") S(kShr, ">>")    \
                                                  S(kAmp, "&") S(kAmpAmp, "&&") S(kBar, "|")                 \
                                                      S(kBarBar, "||") S(kCaret, "^") S(kQuestion, "?")      \
                                                          S(kColon, ":") S(kDot, ".") S(kSpaceship, "<=>")
// clang-format on

namespace known {
enum : Symbol {
  kEmpty = 0,
#define PUMP_SYMBOL_ENUMERATOR(name, text) name,
  PUMP_KNOWN_SYMBOLS(PUMP_SYMBOL_ENUMERATOR)
#undef PUMP_SYMBOL_ENUMERATOR
      kFirstFree
};
}  // namespace known

}  // namespace pump::include_server
