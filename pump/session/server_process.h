// Starts the session's server process and waits until it is ready.
//
// The process keeps nothing of the build that started it: no terminal or process session, no descriptor
// (ninja and make wait for the end of their pipes; a leaked one hangs the build), no jobserver, no signal
// disposition, no setting of this build alone. It is not the starter's child, so it cannot become its zombie.
//
// Called by a client, from the main thread of a process.
#pragma once

#include <sys/types.h>

#include <chrono>

#include "pump/session/lock_order.h"
#include "pump/session/session.h"

namespace pump::session {

/// The server writes one line to the ready pipe: one of the first two, or kReadyError and the message.
inline constexpr std::string_view kReadyOk = "ok\n";
inline constexpr std::string_view kReadyBusy = "busy\n";  ///< another server holds alive.lock
inline constexpr std::string_view kReadyError = "error: ";

/// Starts a server, if there is none, and returns its pid when it is ready. Errors: EBUSY if another server
/// was first (it may not be ready yet); ETIMEDOUT after `patience` (the server may still become ready);
/// EPIPE: it died and said nothing; otherwise why it failed.
Expected<pid_t> start_server(const StartHold& held, const Directory& directory, const Settings& settings,
                             std::chrono::milliseconds patience);

/// The server's environment: `starter` without the variables of one build.
os::Environment server_environment(os::Environment starter);

}  // namespace pump::session
