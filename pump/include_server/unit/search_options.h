// From search options to the lists of directories that gcc and clang make of them: which option adds to which
// list, and in which order. The next steps are in search_duplicates.h and search_path_builder.h.
//
// gcc's driver passes all -I first, then the other options in their order, then those of -Wp, and
// -Xpreprocessor; only -I- and -iwithprefixbefore make that visible. clang reads each kind of option in a
// pass of its own (clang/lib/Frontend/CompilerInvocation.cpp, ParseHeaderSearchArgs), so -iwithprefixbefore
// comes after every -I, and -iwithprefix before every -idirafter. Pure; any thread.
#pragma once

#include <string>
#include <vector>

#include "pump/include_server/compiler/compiler_profile.h"
#include "pump/include_server/unit/command_line.h"

namespace pump::include_server {

/// One directory of a list. It may be missing, or a duplicate.
struct SearchCandidate {
  std::string spelled;
  bool by_user = false;         ///< named by an option of the -I family
  bool sent = true;             ///< not one of the directories that the compile server has, too
  bool system_headers = false;  ///< see SearchDirectory
  /// The options that make up its name: indexes into UnitOptions::search.
  std::vector<std::size_t> arguments;
};

struct SearchLists {
  std::vector<SearchCandidate> quote, angled, system, after;
  bool split = false;  ///< see SearchPath
  /// The rules here do not cover these options: the compiler must print its lists.
  bool needs_listing = false;
};
SearchLists arrange_search(const UnitOptions& options, const CompilerProfile& profile);

/// The pass, from 0, in which clang reads this kind of search option. Within a pass options stay in their
/// order.
int clang_pass(compilation::Option option);
inline constexpr int kClangPasses = 5;

}  // namespace pump::include_server
