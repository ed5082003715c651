// The log of a session's server: its standard error, and that of its children. Its size is bounded, because a
// server may run for weeks. Any thread.
#pragma once

#include <string>

#include "pump/os/error.h"
#include "pump/os/unique_fd.h"

namespace pump::session {

/// Opens the log for appending; creates it with mode 0600.
Expected<os::UniqueFd> open_log(const std::string& path);

/// If the file of `fd` is larger than 1 MiB: keeps its last 256 KiB as PATH.old and truncates it. It is not
/// renamed, because other processes append to the same open file and would continue to fill the renamed one.
void bound_log(int fd, const std::string& path);

/// The last line that is not blank, at most 4 kB of it; empty if there is none.
std::string last_log_line(const std::string& path);

}  // namespace pump::session
