// The memory that keeps a hundred jobs from each waiting for the same failing start, and a crash loop from
// going on.
//
// Two small files in the session's directory. Losing them costs one more attempt, so writing them never fails
// loudly.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "pump/session/lock_order.h"
#include "pump/session/session.h"

namespace pump::session {

inline constexpr std::chrono::seconds kFailureMemory(5);
/// For a start that hung: each further attempt would cost its caller the whole patience.
inline constexpr std::chrono::seconds kHangMemory(60);
/// So many deaths without retirement in so long: no new start until the first of them is that old.
inline constexpr std::size_t kMostCrashes = 5;
inline constexpr std::chrono::seconds kCrashWindow(30);

/// Why no start is to be attempted now, or nothing.
std::optional<std::string> reason_not_to_start(const Directory& directory);

void remember_failure(const Directory& directory, const std::string& message,
                      std::chrono::milliseconds how_long);

/// Notes that the last server died without retiring; too many of these become a remembered failure.
void remember_crash(const StartHold& held, const Directory& directory);

}  // namespace pump::session
