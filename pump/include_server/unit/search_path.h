// The chain of directories that `#include` searches, as the compiler builds it from its options and defaults.
//
// gcc's rules (gcc/incpath.cc) and clang's (clang/lib/Lex/InitHeaderSearch.cpp) are reproduced for the
// options in common use; for the rest (clang's sysroot-relative options, gcc's -iwithprefix without -iprefix,
// a bare "=" …) the compiler itself is asked for its list. Either way every directory is looked up through
// the tree, the missing ones too, so that a chain is known to be outdated as soon as one of them appears,
// goes or is retargeted. Any thread; the caller holds a Snapshot.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "pump/include_server/compiler/compiler.h"
#include "pump/include_server/file_tree/file_tree.h"
#include "pump/include_server/unit/command_line.h"
#include "pump/include_server/unit/translation_unit.h"

namespace pump::include_server {

/// One directory before duplicates and missing ones are removed.
struct SearchCandidate {
  std::string spelled;
  bool by_user = false;         ///< named by an option of the -I family
  bool sent = true;             ///< not one of the directories that the compile server has, too
  bool system_headers = false;  ///< see SearchDirectory
  std::vector<std::size_t>
      arguments;  ///< the options that made up its name: indexes into UnitOptions::search
};

/// The four lists of gcc and clang, in order.
struct SearchChains {
  std::vector<SearchCandidate> quote, angled, system, after;
  bool split = false;
  /// The rules here do not cover these options: ask the compiler.
  bool needs_listing = false;
};
SearchChains arrange_search(const UnitOptions& options, const CompilerProfile& profile);

/// clang's order of looking at the options of the command line; within one pass they go as they stand.
int clang_pass(compilation::Option option);
inline constexpr int kClangPasses = 5;

/// A finished chain and the user's directories in it, for the checks of remote_command_check.h.
struct BuiltSearchPath {
  std::shared_ptr<const SearchPath> path;
  /// Directories that the user named and that exist, duplicates included.
  struct Named {
    std::string spelled;
    const Directory* directory = nullptr;
    std::vector<std::size_t> arguments;         ///< as in SearchCandidate
    std::vector<const Entry*> links{};          ///< on the way to it
    std::vector<const Directory*> traversed{};  ///< on the way to it
    bool is_no_directory = false;               ///< of `missing`: something else is there, or on the way
  };
  std::vector<Named> named;
  std::vector<Named> missing;  ///< those that do not exist, or are no directories
};

/// Builds without caching. Error: the compiler had to be asked and does not answer; ENOTSUP: framework
/// directories; EINVAL: -I- under clang.
Expected<BuiltSearchPath> build_search_path(FileTree& tree, Directory* cwd, const UnitOptions& options,
                                            const CompilerProfile& profile, Compilers& compilers);

/// Removal of duplicates and missing directories; exposed for tests.
struct Located {
  SearchCandidate candidate;
  const Entry* entry = nullptr;
  std::vector<const Entry*> links;  ///< on the way to it
  std::vector<const Directory*> traversed;
};
SearchPath link_gcc_chains(std::vector<Located> quote, std::vector<Located> angled,
                           std::vector<Located> system);
SearchPath link_clang_chains(std::vector<Located> quote, std::vector<Located> angled,
                             std::vector<Located> system);
/// The lists as the compiler gives them: it has removed the duplicates.
SearchPath link_listed_chains(const std::vector<Located>& quote, const std::vector<Located>& bracket);

}  // namespace pump::include_server
