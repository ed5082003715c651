// Is there a server? By the lock it holds for life, and by nothing else: no pid, no connect.
#pragma once

#include <sys/types.h>

#include "pump/session/session.h"

namespace pump::session {

struct Probe {
  bool alive = false;  ///< somebody holds alive.lock exclusively
  bool ready = false;  ///< and its backend answers
  pid_t pid = 0;       ///< from the lock; 0 where not alive or in a PID namespace that we cannot see
};

/// Not for the server process itself: looking would drop its lock.
Expected<Probe> probe_server(const Directory& directory);

}  // namespace pump::session
