// Which files the compiler takes for one, kept so on the server.
//
// gcc takes two files of equal content, size and modification time (in seconds) for one when one of them says
// `#pragma once`; clang knows a file by device and inode, whatever it says. The server writes all files
// within one second, each with an inode of its own. So what is one file here is sent as one there, and a link
// to it for each other name: the link has its content, time and inode. What is not one here gets different
// sizes there, for gcc.
#pragma once

#include <string>
#include <vector>

#include "pump/include_server/send_plan/send_plan.h"

namespace pump::include_server {

struct IdentityRules {
  bool clang = false;
  bool imports = false;  ///< the language has #import, which counts as `#pragma once`
};

/// Turns entries into links and sets ReplyEntry::padding. `taken`: files of the closure with a `taken_for`,
/// sent or not. Returns why that cannot be done; empty where it was. Pure.
std::string keep_identities(std::vector<ReplyEntry>& entries, const std::vector<const ClosureFile*>& taken,
                            const IdentityRules& rules);

}  // namespace pump::include_server
