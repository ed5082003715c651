// How compilers and language modes differ in reading source text: tokens, macro expansion, names of files.
// Values; any thread. The folder `compiler` determines them for a compiler and its options.
#pragma once

#include <cstdint>

namespace pump::include_server {

/// How source text is split into tokens. A scan is valid for one mode.
struct LexMode {
  bool raw_strings = true;       ///< from C++11 and gnu99 on
  bool line_comments = true;     ///< in directives, too: not in gcc's -std=c90
  bool c90_comments = false;     ///< "//" begins a comment unless a '*' follows: -std=c90 in text
  bool trigraphs = false;        ///< strict -std=c*, -trigraphs
  bool assembler = false;        ///< .S: '#' may start a comment, apostrophes do not begin literals
  bool digit_separators = true;  ///< C++14, C23: 1'000
  bool cplusplus = true;         ///< true/false and named operators in #if
  bool dollars = true;           ///< '$' in identifiers
  bool elifdef = true;           ///< #elifdef and #elifndef: gcc has them in GNU modes and C23 only
  bool modules = true;           ///< `import x;` and `module x;` are module directives
  bool digraphs = true;          ///< "%:" means '#': not in -std=c90
  bool unicode_names = true;  ///< letters beyond ASCII, and \u00e9, belong to identifiers: not in gcc's C90
  bool operator==(const LexMode&) const = default;
};

/// Which name of a file is its __FILE__ if it is included by several names (links).
enum class FileNaming : std::uint8_t {
  EachInclude,  ///< the name in the #include: gcc, clang 23
  LastLookup,   ///< the name in the latest lookup of the file: clang up to 15
  First,        ///< the name by which it was entered first: clang 16 to 22
};
/// The directory in which the file's own #include "…" are looked up first.
enum class DirectoryNaming : std::uint8_t {
  OfFile,  ///< the file's name without its last component: gcc, clang from 17 on
  First,   ///< the first name by which that directory was used: clang up to 16
  Unsure,  ///< any of these: the compiler's behaviour when probed matched none
};

/// How one compiler, in one mode, evaluates #if, expands macros and names files.
struct Dialect {
  bool operator_words = true;    ///< `and`, `not` … are operators: C++
  bool true_is_one = true;       ///< `true` is 1: C++, C23
  bool signed_char = true;       ///< 'a' is signed
  bool signed_multichar = true;  ///< 'ab' is signed
  bool shifts_reverse = true;    ///< 4 >> -1 is 8 (gcc), not 0 (clang)
  bool ascii = true;             ///< 'A' is 65: not under gcc's -fexec-charset=IBM1047
  bool wide_ascii = true;        ///< L'A' is 65
  bool signed_wide = true;       ///< L'a' is signed: not under -fshort-wchar
  FileNaming files = FileNaming::EachInclude;
  DirectoryNaming directories = DirectoryNaming::OfFile;
  /// The comma of `, ## __VA_ARGS__` stays if the variadic parameter is the only one and empty.
  bool keeps_lone_comma = false;
  bool operator==(const Dialect&) const = default;
};

}  // namespace pump::include_server
