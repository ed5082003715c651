// Finds out whether the server runs, by the lock that it holds for life. Rejected: its pid, which may be
// reused; connect(2), which needs a server that answers. inspect() in session.h adds what the server has
// published.
//
// Main thread of a client or of `pump --status`. The server process would drop its own lock.
#pragma once

#include <sys/types.h>

#include "pump/session/session.h"

namespace pump::session {

struct Probe {
  bool alive = false;  ///< a process holds alive.lock exclusively
  bool ready = false;  ///< alive, and has published state.json: its backend accepts connections
  pid_t pid = 0;       ///< the holder; 0 if not alive, or in a PID namespace that this process cannot see
};

/// Looks at the lock without taking it. Error: the lock cannot be observed.
Expected<Probe> probe_server(const Directory& directory);

}  // namespace pump::session
