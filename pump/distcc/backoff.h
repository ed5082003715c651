// distcc avoids a host for a minute after any failure, a compiler's error included: one file that does not
// compile there takes the host from all others. Where the compiler ran and failed, the host is fine, and the
// mark that distcc left is removed.
//
// A host where everything fails (its disk is full, say) looks the same for one file. So marks of a host are
// removed a few times in a row only, until a minute has passed without another: such a host costs a few jobs,
// then distcc avoids it as ever. Main thread.
#pragma once

#include <string>

#include "pump/os/environment.h"

namespace pump::distcc {

/// `host` as in DISTCC_HOSTS; hosts over ssh are left alone.
void lift_backoff(const os::Environment& environment, const std::string& host,
                  const std::string& session_directory);

/// The file in which distcc 3.4 notes a failure of `host`, below its directory; empty for hosts over
/// ssh and for IPv6 addresses.
std::string backoff_file(const os::Environment& environment, const std::string& host);

}  // namespace pump::distcc
