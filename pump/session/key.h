// What two builds must have in common to share a server, as one short directory name.
#pragma once

#include <string>
#include <string_view>

#include "pump/session/session.h"

namespace pump::session {

/// Identity of this program: the linker's build id, else what stat says of the executable. Versions never
/// talk to one another, and a copy of the same build is the same version.
std::string build_identity();

/// 16 hexadecimal digits over euid, build, backend, server arguments, DISTCC_CLIENT_TMP, mount namespace and
/// PUMP_SESSION; over `salt` too. Every part is preceded by its length, so that no two lists read the same.
std::string session_key(const Settings& settings, std::string_view salt = {});

}  // namespace pump::session
