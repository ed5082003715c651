// Directories that only we can touch. What is in them is trusted from then on, so they are checked without
// following links, and a directory that somebody else prepared for us is refused rather than repaired.
#pragma once

#include <string>

#include "pump/os/error.h"

namespace pump::session {

enum class Privacy {
  kUnwritable,  ///< ours, and nobody else can add, remove or rename in it
  kPrivate,     ///< ours, and nobody else can look into it either (0700)
};

/// By lstat. Errors: ENOENT; EPERM for a link, another owner, another type or mode, with what to do about it.
Status verify_directory(const std::string& path, Privacy privacy);

/// Makes `path` (0700) and verifies it; whoever made it first.
Status make_directory(const std::string& path, Privacy privacy);

/// make_directory, with missing directories above it made and verified as well. Existing ones above are not
/// ours to judge: /tmp and /run/user are what the system made them.
Status make_directories(const std::string& path, Privacy privacy);

}  // namespace pump::session
