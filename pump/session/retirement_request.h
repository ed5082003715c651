// The file with which `pump --shutdown` requests that the server ends without lingering. Rejected: a signal.
// It needs a pid, which may be reused or belong to another PID namespace.
//
// The server answers by removing the file. If it still holds alive.lock then, it has other clients and stays;
// otherwise it has retired. retire_if_idle() in session.h is the requesting side. Main thread of either
// process.
#pragma once

#include "pump/session/session.h"

namespace pump::session {

/// Called by `--shutdown`. Error: the file cannot be written.
Status post_retirement_request(const Directory& directory);
/// Called by either side.
bool is_retirement_requested(const Directory& directory);
/// Called by the server: removes the file.
void answer_retirement_request(const Directory& directory);

}  // namespace pump::session
