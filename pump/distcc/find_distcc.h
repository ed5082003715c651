// Finds the distcc program. Any thread.
#pragma once

#include <string>

#include "pump/os/environment.h"
#include "pump/os/error.h"

namespace pump::distcc {

/// The directory of distcc: $DISTCC_LOCATION; else the directory of `self` (the pump binary, links resolved;
/// may be empty), if distcc is in it; else that of the first `distcc` on PATH which is not a masquerade link.
/// A link to a distcc is followed, because the result goes to the front of PATH, and a directory of compiler
/// links (/usr/lib/distcc) must not be there. Error (ENOENT): names every place that was searched, and the
/// remedy.
Expected<std::string> find_distcc_directory(const os::Environment& environment, const std::string& self);

}  // namespace pump::distcc
