// Records failed starts and crashes, so that a hundred jobs do not each wait for the same failing start, and
// a crash loop ends.
//
// It consists of two small files in the session's directory. Without them there is one more attempt, so
// errors of writing them are ignored. Main thread of a client.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "pump/session/lock_order.h"
#include "pump/session/session.h"

namespace pump::session {

/// How long a failed start prevents another attempt.
inline constexpr std::chrono::seconds kFailureMemory(5);
/// How long a start that hung prevents another: each attempt makes its caller wait up to 40 s.
inline constexpr std::chrono::seconds kHangMemory(60);
/// After kMostCrashes within kCrashWindow there is no start until the first of them is older than
/// kCrashWindow.
inline constexpr std::size_t kMostCrashes = 5;
inline constexpr std::chrono::seconds kCrashWindow(30);

/// Why the server must not be started now; nothing if it may.
std::optional<std::string> reason_not_to_start(const Directory& directory);

/// Makes `message` the reason not to start for `how_long`.
void remember_failure(const Directory& directory, const std::string& message,
                      std::chrono::milliseconds how_long);

/// Records that the last server died without retiring; too many crashes count as a failed start.
void remember_crash(const StartHold& held, const Directory& directory);

}  // namespace pump::session
