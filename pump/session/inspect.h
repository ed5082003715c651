// Is the server running? Decided by the lock that it holds for life: a pid may be reused, and connect(2)
// needs a server that answers. inspect() in session.h uses this and adds what the server has published.
//
// For clients and `pump --status`, main thread. Not for the server process: it would drop its own lock.
#pragma once

#include <sys/types.h>

#include "pump/session/session.h"

namespace pump::session {

struct Probe {
  bool alive = false;  ///< a process holds alive.lock exclusively
  bool ready = false;  ///< and its backend answers
  pid_t pid = 0;       ///< the holder; 0 if not alive, or in a PID namespace that this process cannot see
};

/// Looks at the lock without taking it. Error: the lock cannot be observed.
Expected<Probe> probe_server(const Directory& directory);

}  // namespace pump::session
