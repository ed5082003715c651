// The file by which `--shutdown` asks the server not to linger. A file and not a signal: a signal needs a
// pid, which may have been reused or belong to another PID namespace.
//
// The server answers by removing it: while it still holds alive.lock, that means "no, there are others"; it
// goes only after alive.lock where the answer is yes.
#pragma once

#include "pump/session/session.h"

namespace pump::session {

Status post_retirement_request(const Directory& directory);
bool is_retirement_requested(const Directory& directory);
void answer_retirement_request(const Directory& directory);

}  // namespace pump::session
