// What is sent: from a closure to the entries of the reply, by the rules of distcc's client and distccd.
//
// On the compile server every job has a root of its own. Sent files stand at their real paths below it, links
// at theirs, and distccd rewrites the absolute paths of a few options (-I, -include, …) to lie below it, too.
// So a spelled path leads to the same file there as here if the links on its way are sent and the directories
// on its way exist.
//   - Files: source first; not those inside a default directory of the compiler (they are on the server).
//   - Links: each followed one, pointing to its absolute real target; not those inside a default directory.
//   - Except those found through an option that names a directory inside a default one (system_copies.h).
//   - A default directory that some spelling of this unit reaches *below the root* (a link into it, a
//     relative path up to it) becomes a link out of the root, to the server's own: only the outermost one,
//     because a name below a sent link fails the job.
//   - `#include "/absolute"` becomes relative in the copy (absolute_includes.h).
//   - Directories that are walked through and that no sent name implies are created.
// Every surplus entry costs the build more than computing it, so nothing else is sent. Called by one request
// at a time per argument; no I/O but through the tree.
#pragma once

#include <string>
#include <vector>

#include "pump/include_server/file_tree/file_tree.h"
#include "pump/include_server/preprocessor/closure.h"
#include "pump/include_server/send_plan/absolute_includes.h"
#include "pump/include_server/unit/translation_unit.h"

namespace pump::include_server {

struct ReplyEntry {
  enum class Kind : std::uint8_t { File, Link, Directory };
  Kind kind = Kind::File;
  const ClosureFile* file = nullptr;      ///< File only
  std::string path;                       ///< Link, Directory only: real path
  std::string target;                     ///< Link only
  unsigned padding = 0;                   ///< File only: see Mirror::file
  std::vector<Replacement> replacements;  ///< File only: what differs in the copy
  std::string_view prologue;              ///< File only: see Mirror::file

  [[nodiscard]] std::string real_path() const { return kind == Kind::File ? file->entry->path() : path; }
};

struct SendPlanRules {
  bool force_directories = true;
  bool unsafe_absolute_includes = false;
  AbsoluteIncludeCache* absolute_includes = nullptr;  ///< nullptr: sources are not looked into
};

struct ReplyPlan {
  std::vector<ReplyEntry> entries;
  std::vector<const Entry*> consulted;  ///< what the plan depends on besides the closure
  GiveUp give_up = GiveUp::None;
  std::string detail;
};

/// What stands before the text in the copy of a unit's source; see Mirror::file.
std::string_view source_prologue(const Unit& unit, const ClosureFile& source);

/// The caller holds a Snapshot of the tree. The plan points into `closure`.
ReplyPlan plan_reply(FileTree& tree, const Unit& unit, const Closure& closure, const SendPlanRules& rules);

}  // namespace pump::include_server
