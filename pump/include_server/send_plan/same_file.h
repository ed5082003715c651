// Keeps files the same, or different, for the compiler on the server.
//
// gcc takes two files of equal content, size and modification time (in seconds) for the same file if one of
// them says `#pragma once`. clang identifies every file by device and inode. The server writes all files
// within one second, each with its own inode. So files that are the same for the client's compiler are sent
// as one file, and a link to it for each other name: the link has the file's content, time and inode. Files
// that are different here get different sizes there, for gcc.
#pragma once

#include <vector>

#include "pump/include_server/preprocessor/closure.h"
#include "pump/include_server/send_plan/send_plan.h"
#include "pump/include_server/unit/refusal.h"

namespace pump::include_server {

struct SameFileRules {
  bool clang = false;
  bool has_import = false;  ///< the language has #import, which counts as `#pragma once`
};

/// Turns entries into links and sets CopyEdits::padding. `taken`: files of the closure with a `taken_for`,
/// sent or not. Refuses if the files cannot be kept the same. Pure; any thread.
OrRefusal<void> keep_same_files(std::vector<SendPlanEntry>& entries,
                                const std::vector<const ClosureFile*>& taken, const SameFileRules& rules);

}  // namespace pump::include_server
