// The include closure: every file that the compilation of one translation unit opens, and how it was reached.
//
// The result of Preprocessor::run(); a plain value. Its pointers are valid as long as the file tree.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "pump/include_server/file_tree/file_tree.h"
#include "pump/include_server/support/give_up.h"

namespace pump::include_server {

/// A regular file of the closure. Each real file is listed once.
struct ClosureFile {
  const Entry* entry = nullptr;
  ContentHash hash;  ///< of the version that was analysed; not set if only probed
  /// The path by which the compiler first entered the file or, if it did not, looked it up. Interned.
  std::string_view spelled;
  /// `spelled` begins with '/', and the compiler on the server reports another name, unless the copy has a #line.
  bool absolute = false;
  bool entered = false;  ///< false: only probed for (__has_include), or an extra input
  bool system = false;   ///< a system header, which -MMD leaves out of the dependency rule
  bool pragma_once = false;
  bool embedded = false;  ///< #embed puts its bytes into the object, so its copy must not be edited
  /// The compiler uses several names for the file which one #line in its copy cannot give.
  bool mixed_spellings = false;
  /// Found only through the default directories of the compiler, or beside such a header. The compiler on the
  /// server finds its own file there, even if a link in these directories leads elsewhere on this machine.
  bool servers_own = false;
  /// The file that the compiler takes this one for (file_states.h), or nullptr. clang: another name of one
  /// file. gcc: an equal file with #pragma once, so that this one is skipped, or may be.
  const Entry* taken_for = nullptr;
};

/// A file that a text names absolutely, whether it exists or not: `#include "/a/x.h"`,
/// `__has_include("/a/x.h")`.
struct AbsoluteName {
  std::string_view name;      ///< interned
  const Entry* in = nullptr;  ///< the file that contains the name; nullptr: a macro does, or not known
  std::string place;          ///< file:line
};

/// A system header that gcc here reports by its real path, because that is shorter than the name by which it was found.
struct ShortenedName {
  std::string_view found, reported;  ///< `found` is relative; interned
};

struct Closure {
  std::vector<ClosureFile> files;            ///< the source first; includes system headers
  std::vector<const Entry*> links;           ///< symbolic links on the paths to the files
  std::vector<const Directory*> traversed;   ///< directories on the paths to the files
  std::vector<SharedEntries> consulted;      ///< everything in the file tree that this result depends on
  std::vector<AbsoluteName> absolute_names;  ///< in texts; RemoteCommandCheck handles those in options
  /// "inc/x.h.gch", if gcc may read it instead of the first header; empty: none. It need not be valid for the unit.
  std::string precompiled_header;
  std::vector<ShortenedName> shortened;  ///< a name may be there twice
  bool changes_builtin = false;  ///< a macro that compilers compute, like __FILE__, is defined or undefined
  bool uses_date = false;        ///< __DATE__ or __TIME__ is in its texts, or in a macro that they define
  /// What would show that names are relative on a server, with its place; empty: nothing found. clang: the first
  /// __PRETTY_FUNCTION__ that is not only for messages, or <source_location>, because the text may name the file of a lambda or unnamed
  /// type. gcc: the first #line with an absolute name, because gcc compares it with names of files.
  std::string shows_names;
  /// Place of the first #pragma that may change macros; empty: none found.
  std::string macro_pragma;
  GiveUp give_up = GiveUp::None;  ///< if set, the rest of the closure is incomplete
  std::string detail;             ///< the option or file:line that give_up is about
  bool approximate = false;       ///< completed by the path-insensitive walk
  /// Set if `files` may contain more than the compiler opens: the place and the reason.
  std::string inexact;
  std::uint64_t steps = 0;  ///< directives walked and tokens expanded
};

}  // namespace pump::include_server
