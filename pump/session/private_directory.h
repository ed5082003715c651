// Directories that only this user can change. Their content is trusted, so they are checked without following
// links, and a directory that another user could have prepared is refused, not repaired. Any thread.
#pragma once

#include <string>

#include "pump/os/error.h"

namespace pump::session {

enum class Privacy {
  kUnwritable,  ///< owned by the euid; no other user can add, remove or rename entries
  kPrivate,     ///< kUnwritable, and no other user can read it (0700)
};

/// Checks one directory with lstat(2). Errors: ENOENT; EPERM for a link, another type, owner or mode, with a
/// remedy.
Status verify_directory(const std::string& path, Privacy privacy);

/// Makes `path` (0700) if it is missing, and verifies it.
Status make_directory(const std::string& path, Privacy privacy);

/// As make_directory(); also makes and verifies missing directories above it. Existing directories above,
/// such as /tmp and /run/user, belong to the system and are not checked.
Status make_directories(const std::string& path, Privacy privacy);

}  // namespace pump::session
