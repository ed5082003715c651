// What one compile command asks of the preprocessor: the command line, the compiler's defaults and the search
// path, resolved. Made by unit_builder (command_line + compiler + search_path), consumed by the preprocessor.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "pump/include_server/compiler/compiler_profile.h"
#include "pump/include_server/file_tree/file_tree.h"
#include "pump/include_server/lexer/language.h"

namespace pump::include_server {

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
  /// The one of `first_names` for this directory, or nullptr.
  [[nodiscard]] const FirstName* first_name_of(const Directory* directory) const;
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
  bool preprocessed = false;   ///< .i, .ii, -fpreprocessed: no directives apply
  std::vector<std::string>
      extra_inputs;  ///< other files the compiler opens (sanitizer lists, @files), as spelled
  std::vector<const Entry*> consulted;  ///< response files, the compiler … looked at while building this unit
  /// Directories that must exist on the server though nothing in them is sent, and links on the way to them
  /// (-Wmissing-include-dirs).
  std::vector<const Directory*> required_directories;
  std::vector<const Entry*> required_links;
};

}  // namespace pump::include_server
