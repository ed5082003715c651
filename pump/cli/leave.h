// The end of a build: its discrepancies are reported, its directory is removed, and the session is left. Main
// thread.
#pragma once

#include "pump/cli/join.h"
#include "pump/cli/messages.h"

namespace pump::cli {

/// Ends the membership. With a linger of 0 the server is awaited, so that the line that says it is gone is
/// true.
void leave(Build build, const Messages& messages);

/// Says what became of the server whose client or pin has just gone; stops it if `at_once` and nobody else
/// needs it.
void tell_end(const session::Directory& directory, bool at_once, std::chrono::milliseconds linger,
              const Messages& messages);

}  // namespace pump::cli
