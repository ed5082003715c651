// Why the include server answered "cannot": distcc passes on no more than that, but the server's line about it stands
// in the session's log.
#pragma once

#include <string>
#include <string_view>

namespace pump::launcher {

/// What the last 64 KiB of the log at `path` say of the request by distcc's process `process` (digits): "REASON:
/// DETAIL", the detail with the flag or file:line at fault. Empty where they say nothing: the log was rotated, or
/// the server sees other process numbers.
std::string server_reason(const std::string& path, std::string_view process);

}  // namespace pump::launcher
