// Finds the distcc program. Any thread.
#pragma once

#include <string>

#include "pump/os/environment.h"
#include "pump/os/error.h"

namespace pump::distcc {

/// The directory of distcc: $DISTCC_LOCATION; else the directory of `self` (the pump binary, links resolved),
/// if distcc is in it; else that of the first `distcc` on PATH which is not a masquerade link. For a link to
/// a distcc it is the directory of that file: the result goes to the front of PATH, where a directory of
/// compiler links (/usr/lib/distcc) must not be. Error: names every place that was searched and how to
/// install distcc.
Expected<std::string> find_distcc_directory(const os::Environment& environment, const std::string& self);

}  // namespace pump::distcc
