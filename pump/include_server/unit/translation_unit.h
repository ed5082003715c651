// One compile command, resolved: the command line, the compiler's defaults and the search path. Made by
// unit_builder.h; the preprocessor and the send plan read it. A value type; any thread.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "pump/include_server/compiler/compiler_profile.h"
#include "pump/include_server/file_tree/file_tree.h"
#include "pump/include_server/lexer/language.h"
#include "pump/include_server/unit/search_path.h"

namespace pump::include_server {

/// -D or -U.
struct MacroAction {
  bool undefine = false;
  std::string text;  ///< for #define: "NAME BODY" or "NAME(ARGS) BODY"; for #undef: "NAME"
  bool operator==(const MacroAction&) const = default;
};

/// -include or -imacros.
struct ForcedFile {
  std::string name;
  bool macros_only = false;  ///< -imacros
};

struct ResolvedDefaults;  // default_directories.h

struct Unit {
  /// Equal to this unit except for `source` and `consulted`, and shared by commands that differ only in these
  /// and in their outputs; may be nullptr.
  std::shared_ptr<const Unit> model;
  std::string cwd;
  Directory* cwd_directory = nullptr;
  std::string source;    ///< as on the command line
  std::string language;  ///< compilation::language_of
  LexMode lex;
  std::shared_ptr<const CompilerProfile> profile;
  std::shared_ptr<const SearchPath> search;
  /// The profile's default directories (`consulted` includes what they depend on); may be nullptr.
  std::shared_ptr<const ResolvedDefaults> resolved_defaults;
  std::vector<MacroAction> macros;  ///< -D and -U in order
  std::vector<ForcedFile> forced;   ///< -imacros first, then -include, as gcc processes them
  bool undefine_all = false;        ///< -undef; profile->predefined already reflects it
  bool converts_text = false;       ///< -finput-charset= other than UTF-8; names in #line are converted, too
  /// The command maps names over the working directory (compilation/relative_root.h) to absolute ones. The compiler on the
  /// server then reports files that an #include names absolutely as the one here does, without a #line.
  bool maps_names_over_cwd = false;
  bool preprocessed = false;  ///< .i, .ii, -fpreprocessed: directives are not processed
  /// Other files that the compiler opens (sanitizer lists, @files), as spelled.
  std::vector<std::string> extra_inputs;
  std::vector<const Entry*> consulted;  ///< what the unit depends on: response files, the compiler …
  /// Directories that must exist on the server though nothing in them is sent, and links on the path to them
  /// (-Wmissing-include-dirs).
  std::vector<const Directory*> required_directories;
  std::vector<const Entry*> required_links;
};

}  // namespace pump::include_server
