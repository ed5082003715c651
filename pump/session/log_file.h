// The server's log: its standard error, and that of everything it starts. Bounded: a server may live for
// weeks.
#pragma once

#include <string>

#include "pump/os/error.h"
#include "pump/os/unique_fd.h"

namespace pump::session {

/// Opened for appending, created 0600.
Expected<os::UniqueFd> open_log(const std::string& path);

/// Once `fd`'s file has grown beyond a mebibyte: keeps its last part as PATH.old and empties it in place,
/// because other processes append to the same open file and would go on filling a renamed one.
void bound_log(int fd, const std::string& path);

/// The last line that is not blank, at most some 4 kB of it; empty where there is none.
std::string last_log_line(const std::string& path);

}  // namespace pump::session
