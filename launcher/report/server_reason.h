// Finds why the include server could not answer a request. distcc does not pass the reason on, but the server
// logs it in the session's log. Any thread.
#pragma once

#include <string>
#include <string_view>

namespace pump::launcher {

/// The reason for the request of the distcc process `process` (digits), from the last 64 KiB of the log at
/// `path`: "REASON: DETAIL", the detail with the flag or file:line at fault. Empty if there is no such line,
/// because the log was rotated or the server is in another PID namespace.
std::string server_reason(const std::string& path, std::string_view process);

}  // namespace pump::launcher
