// Builds the search path that a compiler makes of its options and defaults.
//
// The rules of gcc (gcc/incpath.cc) and clang (clang/lib/Lex/InitHeaderSearch.cpp) are reproduced for common
// options: search_options.h, search_duplicates.h. For the others (clang's sysroot-relative options, gcc's
// -iwithprefix without -iprefix, a bare "=" …) the compiler itself prints its list. Either way every
// directory is looked up in the file tree, missing ones too, so a path is outdated as soon as one of them
// appears, disappears or is replaced. Any thread.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "pump/include_server/compiler/compiler_cache.h"
#include "pump/include_server/file_tree/file_tree.h"
#include "pump/include_server/unit/command_line.h"
#include "pump/include_server/unit/search_path.h"

namespace pump::include_server {

/// A search path, and the user's directories for the checks of remote_command_check.h.
struct BuiltSearchPath {
  std::shared_ptr<const SearchPath> path;
  struct UserDirectory {
    std::string spelled;
    const Directory* directory = nullptr;       ///< nullptr in `missing`
    std::vector<std::size_t> arguments;         ///< as in SearchCandidate
    std::vector<const Entry*> links{};          ///< on the path to it
    std::vector<const Directory*> traversed{};  ///< on the path to it
    /// In `missing`: the name, or a component of its path, is a file, or the compiler cannot look at it.
    bool is_reported = false;
  };
  std::vector<UserDirectory> existing;  ///< duplicates included
  std::vector<UserDirectory> missing;   ///< those that do not exist or are not directories
};

/// Not cached; relative names start at `cwd`. The calling thread holds the snapshot. Errors: EINVAL: -I- with
/// clang; ENOTSUP: framework directories; others: the compiler had to print its lists and failed.
Expected<BuiltSearchPath> build_search_path(const FileTree::Snapshot& snapshot, FileTree& tree,
                                            Directory* cwd, const UnitOptions& options,
                                            const CompilerProfile& profile, CompilerCache& compilers);

}  // namespace pump::include_server
