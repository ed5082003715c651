// Removes distcc's backoff marks of hosts that work.
//
// distcc avoids a host for a minute after any failure, even a compiler's error. One file that does not
// compile there would keep all other jobs off the host. If the compiler ran and failed, the host works, and
// the mark is removed.
//
// A host on which everything fails, for example because its disk is full, looks like one that works. So at
// most eight marks of a host are removed, until a minute has passed without another one. Such a host costs a
// few jobs, then distcc avoids it. Main thread.
#pragma once

#include <string>

#include "pump/os/environment.h"

namespace pump::distcc {

/// Removes the mark of `host`, a word of DISTCC_HOSTS. Does nothing for hosts without a backoff_file(). The
/// count of removed marks is a file in `session_directory`.
void lift_backoff(const os::Environment& environment, const std::string& host,
                  const std::string& session_directory);

/// The file by which distcc 3.4 marks `host` after a failure (in $DISTCC_DIR/lock). Empty for hosts over ssh
/// and IPv6 addresses.
std::string backoff_file(const os::Environment& environment, const std::string& host);

}  // namespace pump::distcc
