// Starts the session's server process and waits until it is ready.
//
// The process must keep nothing of the build that happened to start it: not its session or terminal, not a
// descriptor (ninja and make wait for the end of their pipes; a leaked one hangs the build), not a jobserver,
// not a signal disposition, not a setting that only this build has. And it must not become the starter's
// zombie.
#pragma once

#include <sys/types.h>

#include <chrono>

#include "pump/session/lock_order.h"
#include "pump/session/session.h"

namespace pump::session {

/// What the server writes to the ready pipe, a line: one of these, or kReadyError and the text.
inline constexpr std::string_view kReadyOk = "ok\n";
inline constexpr std::string_view kReadyBusy = "busy\n";  ///< another server came first
inline constexpr std::string_view kReadyError = "error: ";

/// Starts a server: the caller knows that there is none. The answer is its pid. Errors: EBUSY: another came
/// first, which may not be ready yet; ETIMEDOUT after `patience` (it may still become ready); else why it
/// failed.
Expected<pid_t> start_server(const StartHold& held, const Directory& directory, const Settings& settings,
                             std::chrono::milliseconds patience);

/// The environment of the server: `starter`'s without what belongs to one build.
os::Environment server_environment(os::Environment starter);

}  // namespace pump::session
