// The include closure: everything one translation unit's compilation opens, with how it was reached.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pump/include_server/file_tree/file_tree.h"
#include "pump/include_server/support/give_up.h"

namespace pump::include_server {

/// One regular file of the closure, once per real file.
struct ClosureFile {
  const Entry* entry = nullptr;
  ContentHash hash;  ///< of the version that was analysed
  /// The path by which the compiler first opened it, interned; absolute if it begins with '/'.
  std::string_view spelled;
  bool absolute = false;
  bool entered = false;  ///< false: only probed (__has_include) or a forced dependency
  bool pragma_once = false;
  /// Known to the compiler by two names that one #line in its copy cannot give: an absolute and another one.
  bool mixed_spellings = false;
  /// Found in no other way than by the compiler's own directories, or beside such a header: the server's
  /// compiler finds its own, wherever a link in those directories leads here.
  bool servers_own = false;
  /// The compiler takes it for this other file of the closure: clang, because it is one file by two names;
  /// gcc, because one that says #pragma once is equal, so that it is skipped, or may be.
  const Entry* taken_for = nullptr;
};

/// A file that a text names absolutely, be it there or not: `#include "/a/x.h"`, `__has_include("/a/x.h")`.
struct AbsoluteName {
  std::string_view name;      ///< interned
  const Entry* in = nullptr;  ///< the file whose text it is; nullptr: a macro's, or not told
  std::string place;          ///< file:line
};

struct Closure {
  std::vector<ClosureFile> files;            ///< system files too; source first
  std::vector<const Entry*> links;           ///< links followed on the way to any of them
  std::vector<const Directory*> traversed;   ///< directories walked through
  std::vector<SharedEntries> consulted;      ///< dependencies of this result
  std::vector<AbsoluteName> absolute_names;  ///< in texts; those of options are RemoteCommandCheck's
  /// Where a #pragma may change macros; empty: nowhere, or not known to.
  std::string macro_pragma;
  GiveUp give_up = GiveUp::None;
  std::string detail;        ///< flag or file:line at fault, where give_up is set
  bool approximate = false;  ///< tier 3 answered
  /// Why more than the compiler opens may be in `files`, and where that began: an unknown condition, tier 3.
  /// Empty: nothing more is.
  std::string inexact;
  std::uint64_t steps = 0;  ///< directives walked, macros expanded
};

}  // namespace pump::include_server
