// Removes duplicates and missing directories from the search lists, as the compilers do. Both compare
// directories by device and inode.
//
// gcc: of duplicates within one list the first stays. A quote or -I directory that is also in the system list
// is removed, so -I/usr/include changes nothing. The last of a list is also removed if it equals the first of
// the next. clang: the quote list is treated separately. In -I + system the first stays, unless it is the
// user's and the later one is a system directory: then the user's is removed. Pure; any thread.
#pragma once

#include <vector>

#include "pump/include_server/file_tree/file_tree.h"
#include "pump/include_server/unit/search_options.h"
#include "pump/include_server/unit/search_path.h"

namespace pump::include_server {

/// A candidate, looked up in the file tree.
struct LocatedCandidate {
  SearchCandidate candidate;
  const Entry* entry = nullptr;
  std::vector<const Entry*> links;          ///< on the path to it
  std::vector<const Directory*> traversed;  ///< on the path to it
};

/// Only `directories` and `bracket_start` of the result are set. `system` includes the directories of
/// -idirafter.
SearchPath link_gcc_lists(const std::vector<LocatedCandidate>& quote,
                          const std::vector<LocatedCandidate>& angled,
                          const std::vector<LocatedCandidate>& system);
SearchPath link_clang_lists(std::vector<LocatedCandidate> quote, std::vector<LocatedCandidate> angled,
                            std::vector<LocatedCandidate> system);
/// The lists as a compiler printed them, without duplicates.
SearchPath link_printed_lists(const std::vector<LocatedCandidate>& quote,
                              const std::vector<LocatedCandidate>& bracket);

}  // namespace pump::include_server
