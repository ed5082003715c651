// The name of a session's directory: a hash of everything that two builds must have in common to share a
// server. Any thread.
#pragma once

#include <string>
#include <string_view>

#include "pump/session/session.h"

namespace pump::session {

/// Identifies this program: the linker's build id, or else device, inode, size and time of the executable.
/// Different versions never share a server; a copy of the same build is the same version.
std::string build_identity();

/// 16 hexadecimal digits: a hash of the euid, the build, the backend, the server's arguments,
/// DISTCC_CLIENT_TMP, the mount namespace, PUMP_SESSION and `salt`. Each part is hashed with its length, so
/// that different lists differ.
std::string session_key(const Settings& settings, std::string_view salt = {});

}  // namespace pump::session
