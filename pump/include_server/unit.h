// What one compile command asks of the preprocessor: the command line, the compiler's defaults and the search
// path, resolved. Made by unit_builder (command_line + compiler + search_path), consumed by the preprocessor.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "pump/include_server/file_tree.h"

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

/// A directory of the search path, duplicates and missing ones already removed as the compiler does.
struct SearchDirectory {
  std::string spelled;  ///< as the compiler will report it: prefix of __FILE__ ("" for the cwd given as "")
  Directory* directory = nullptr;
  bool system = false;  ///< a default directory of the compiler
  bool system_headers =
      false;  ///< by -isystem, -idirafter or default: what is found there is a system header
  std::vector<const Entry*> links{};          ///< on the way to it
  std::vector<const Directory*> traversed{};  ///< on the way to it
};

/// The compiler's chain: quote directories, then -I, -isystem, defaults, -idirafter. `#include "x"` starts at
/// the includer's own directory, then 0; `#include <x>` starts at `bracket_start`.
struct SearchPath {
  std::vector<SearchDirectory> directories;
  std::size_t bracket_start = 0;
  bool split = false;  ///< -I-: the includer's directory is not searched
  /// gcc's -fcanonical-system-headers, on by default: a system header is reported by its real path where that
  /// is shorter (gcc 12, libcpp/files.cc, maybe_shorter_path).
  bool shortens_system_paths = false;
  std::uint64_t id = 0;  ///< equal for equal chains: cache key
  /// clang knows a directory by the first name it was opened by. Setting up the search path opens those that
  /// are searched, and the parents of those that are missing.
  struct FirstName {
    const Directory* directory;
    std::string name;
  };
  std::vector<FirstName> first_names;
  /// Were such a directory missing on the server, clang would know its parent by another name.
  struct Named {
    const Directory* directory;
    std::string name;
    const Directory* parent;
    std::vector<const Entry*> links;  ///< on the way to it
  };
  std::vector<Named> named;
  std::vector<const Entry*> consulted;  ///< what building it depended on
  /// Links and directories that must be on the server though nothing is found through them. Empty: what is
  /// found brings its own, by its spelled path, and a directory in which nothing is found may as well be
  /// missing there.
  std::vector<const Entry*> links;
  std::vector<const Directory*> traversed;
};

/// One compiler with the flags that matter: default directories, predefined macros. Immutable, shared. Equal
/// flags give the same object until the compiler changes. -undef is a flag that matters: `predefined` already
/// reflects it.
struct CompilerProfile {
  std::uint64_t id = 0;
  /// Equal for profiles that differ in macros and directories only: all that the compiler was asked in
  /// advance has the same answer.
  std::uint64_t answers_id = 0;
  /// Equal where what was remembered under one holds under the other; `asked`: it took a question not asked in advance.
  [[nodiscard]] std::uint64_t memo_id(bool asked) const { return asked ? id : answers_id; }
  std::string compiler;  ///< resolved path
  bool clang = false;
  std::vector<std::string> quote_directories;  ///< as -v lists them (always empty without flags)
  std::vector<std::string>
      system_directories;  ///< default `<...>` directories, in order, as the compiler spells them
  /// The same in the compiler's order with those in between that a relative --sysroot or -B adds: they lie in
  /// the project and are sent.
  std::vector<std::string> searched_directories;
  std::string predefined;                ///< "#define ..." lines, command-line macros not included
  bool preincludes_stdc_predef = false;  ///< gcc: `#include <stdc-predef.h>` before everything
  /// Answers of the compiler: "__has_builtin(__builtin_abs)" etc. -> value. Anything else is asked or
  /// unknown.
  std::vector<std::pair<std::string, std::int64_t>> known_queries;
  /// How this compiler, in this mode, splits text: found out by asking it, so that no table of versions can
  /// be wrong.
  LexMode lex;
  Dialect dialect;
  std::string target_language;  ///< -x name the profile was made for
  /// Which of __has_include, __has_include_next, __has_builtin, __has_attribute, __has_cpp_attribute,
  /// __has_feature,
  /// __has_extension, __has_embed, __COUNTER__, … the compiler defines.
  std::vector<std::string> builtin_names;
};

struct MacroAction {
  bool undefine = false;
  std::string text;  ///< for #define: "NAME BODY" or "NAME(ARGS) BODY"; for #undef: "NAME"
  bool operator==(const MacroAction&) const = default;
};

struct ForcedFile {
  std::string name;
  bool macros_only = false;  ///< -imacros
};

struct DefaultPlaces;  // default_directories.h

struct Unit {
  /// Equal to this unit but for `source` and `consulted`, and shared with others of the same command; may be nullptr.
  std::shared_ptr<const Unit> model;
  std::string cwd;
  Directory* cwd_directory = nullptr;
  std::string source;    ///< as on the command line
  std::string language;  ///< compilation::language_of
  LexMode lex;
  std::shared_ptr<const CompilerProfile> profile;
  std::shared_ptr<const SearchPath> search;
  /// The profile's default directories, found while the unit was built (`consulted` has what that depended
  /// on); may be nullptr.
  std::shared_ptr<const DefaultPlaces> default_places;
  std::vector<MacroAction> macros;  ///< -D and -U in order
  std::vector<ForcedFile> forced;   ///< -imacros first, then -include, as gcc processes them
  bool undefine_all = false;        ///< -undef was given; profile->predefined already reflects it
  bool converts_text = false;  ///< -finput-charset= other than UTF-8: what a #line says is converted, too
  bool preprocessed = false;        ///< .i, .ii, -fpreprocessed: no directives apply
  std::vector<std::string>
      extra_inputs;  ///< other files the compiler opens (sanitizer lists, @files), as spelled
  std::vector<const Entry*> consulted;  ///< response files, the compiler … looked at while building this unit
  /// Directories that must exist on the server though nothing in them is sent, and links on the way to them
  /// (-Wmissing-include-dirs).
  std::vector<const Directory*> required_directories;
  std::vector<const Entry*> required_links;
};

}  // namespace pump::include_server
