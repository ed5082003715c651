// The user's DISTCC_DIR, in which stock distcc keeps lock and state files.
//
// Only directories and files of this user are used; a link below DISTCC_DIR is not followed. DISTCC_DIR itself, which
// may be below the home directory, is never made. What is made is as accessible to other users as the directory above
// it: a DISTCC_DIR may be shared. Any thread.
#pragma once

#include <string>

#include "pump/os/error.h"
#include "pump/os/unique_fd.h"

namespace pump::scheduler {

/// Opens DISTCC_DIR/NAME, and makes it if it is missing. Error: it cannot be used.
Expected<os::UniqueFd> open_distcc_subdirectory(const std::string& distcc_directory, const char* name);

/// Opens a regular file for writing, and makes it if it is missing.
Expected<os::UniqueFd> open_distcc_file(const os::UniqueFd& directory, const std::string& name);

}  // namespace pump::scheduler
