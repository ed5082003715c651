// Where distcc is installed. Any thread.
#pragma once

#include <string>

#include "pump/os/environment.h"
#include "pump/os/error.h"

namespace pump::distcc {

/// Where distcc is: $DISTCC_LOCATION, else the directory of `self` (the resolved pump binary) if it holds
/// distcc, else the first `distcc` on PATH that is no masquerade link. Error: names every place looked at,
/// and the apt line. A `distcc` that is a link counts as the file it leads to, and its directory is that
/// file's: the directory goes in front of PATH, and one full of compiler links (/usr/lib/distcc) must not.
Expected<std::string> find_distcc_directory(const os::Environment& environment, const std::string& self);

}  // namespace pump::distcc
