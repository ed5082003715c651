// The send plan: what the compile server must receive for one closure, by the rules of distcc's client and
// distccd.
//
// On the server every job has a root directory of its own. Files are sent to their real paths below it, links
// to theirs. distccd rewrites the absolute paths of a few options (-I, -include, …) to lie below it, too. So
// a spelled path leads to the same file there as here if its links are sent and its directories exist.
//   - Files: source first. Files in a default directory of the compiler are not sent: the server has them.
//   - Exception: files found through an option that names a directory inside a default one (system_copies.h).
//   - Links: each link that was followed, with its absolute real target; not those inside a default
//     directory.
//   - A default directory that some path of this unit reaches *below the root* (over a link into it, or by
//     "..") becomes a link out of the root, to the server's own directory. Only the outermost one does,
//     because a name below a sent link fails the job.
//   - `#include "/absolute"` becomes relative in the copy (absolute_include_rewriter.h).
//   - Directories that a path leads through are created, unless the name of a sent entry implies them.
// Every entry costs the build more than computing it, so nothing else is sent.
//
// Any thread; no I/O except through the tree. Of the arguments, only the tree and the cache are shared.
#pragma once

#include <string>
#include <vector>

#include "pump/include_server/file_tree/file_tree.h"
#include "pump/include_server/preprocessor/closure.h"
#include "pump/include_server/send_plan/absolute_includes.h"
#include "pump/include_server/send_plan/copy_edits.h"
#include "pump/include_server/unit/translation_unit.h"

namespace pump::include_server {

struct SendPlanEntry {
  enum class Kind : std::uint8_t { File, Link, Directory };
  Kind kind = Kind::File;
  const ClosureFile* file = nullptr;  ///< File only
  std::string path;                   ///< Link, Directory only: the real path
  std::string target;                 ///< Link only
  CopyEdits edits;                    ///< File only

  [[nodiscard]] std::string real_path() const { return kind == Kind::File ? file->entry->path() : path; }
};

/// Options of the include server (support/options.h).
struct SendPlanRules {
  bool force_directories = true;
  bool unsafe_absolute_includes = false;
};

struct SendPlan {
  std::vector<SendPlanEntry> entries;   ///< empty if `give_up` is set
  std::vector<const Entry*> consulted;  ///< what the plan depends on besides the closure
  GiveUp give_up = GiveUp::None;
  std::string detail;  ///< the path or option at fault, if `give_up` is set
};

/// Makes the plan, which points into `closure`. `snapshot`: of `tree`.
SendPlan make_send_plan(const FileTree::Snapshot& snapshot, FileTree& tree, const Unit& unit,
                        const Closure& closure, AbsoluteIncludeCache& absolute_includes,
                        const SendPlanRules& rules);

}  // namespace pump::include_server
