// How compilers and modes differ in reading source text: splitting it into tokens, expanding macros, naming files.
#pragma once

#include <cstdint>

namespace pump::include_server {

/// How source text is split into tokens; a directive scan is valid for one mode.
struct LexMode {
  bool raw_strings = true;       ///< C++11 and gnu99 on
  bool line_comments = true;     ///< in directives, too: not in gcc's -std=c90
  bool c90_comments = false;     ///< "//" begins a comment unless a '*' follows: -std=c90 in text
  bool trigraphs = false;        ///< strict -std=c*, -trigraphs
  bool assembler = false;        ///< .S: '#' may start a comment, apostrophes are no literals
  bool digit_separators = true;  ///< C++14, C23: 1'000
  bool cplusplus = true;         ///< true/false and named operators in #if
  bool dollars = true;           ///< '$' in identifiers
  bool elifdef = true;           ///< #elifdef and #elifndef: gcc knows them in GNU modes and C23 only
  bool modules = true;           ///< `import x;` and `module x;` are about modules
  bool digraphs = true;          ///< "%:" is '#': not in -std=c90
  bool unicode_names = true;     ///< letters beyond ASCII are letters, and \u00e9 is one: not in gcc's C90
  bool operator==(const LexMode&) const = default;
};

/// By which name a compiler knows a file (__FILE__) that it meets by several.
enum class FileNaming : std::uint8_t {
  EachInclude,  ///< that of the #include: gcc, clang 23
  LastLookup,   ///< that of the latest lookup: clang up to 15
  First,        ///< that by which it was entered first: clang 16 to 22
};
/// And the directory that the file's own #include "…" begin in.
enum class DirectoryNaming : std::uint8_t {
  OfFile,  ///< the file's name without its last component: gcc, clang from 17 on
  First,   ///< the first name by which that directory was met: clang up to 16
  Unsure,  ///< any of these: the compiler's answers fit none
};

/// How one compiler, in one mode, names, expands and evaluates where compilers and modes differ.
struct Dialect {
  bool operator_words = true;    ///< `and`, `not` …: C++
  bool true_is_one = true;       ///< C++, C23
  bool signed_char = true;       ///< 'a' is signed, as the next
  bool signed_multichar = true;  ///< 'ab' is
  bool shifts_reverse = true;    ///< 4 >> -1 is 8 (gcc), not 0 (clang)
  bool ascii = true;             ///< 'A' is 65: not under gcc's -fexec-charset=IBM1047
  bool wide_ascii = true;        ///< L'A' is
  bool signed_wide = true;       ///< L'a' is signed: not under -fshort-wchar
  FileNaming files = FileNaming::EachInclude;
  DirectoryNaming directories = DirectoryNaming::OfFile;
  bool keeps_lone_comma = false;  ///< of `, ## __VA_ARGS__`, where that is the only parameter and empty
  bool operator==(const Dialect&) const = default;
};

}  // namespace pump::include_server
