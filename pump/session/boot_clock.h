// Time that neither goes back nor survives a reboot: the wall clock may be set while a session lives.
#pragma once

#include <cstdint>
#include <string>

namespace pump::session {

/// Milliseconds since boot, suspend included; the same for all processes of a time namespace.
std::int64_t boot_milliseconds();

/// Changes with every boot; empty where /proc does not tell.
std::string boot_id();

}  // namespace pump::session
