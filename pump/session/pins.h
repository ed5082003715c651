// Pins: what keeps the server for `pump --startup`, which leaves no process behind to hold a lock.
//
// A pin is a small file that says who made it: boot, PID namespace, and the session leader of the shell with
// its start time. One of an earlier boot does not count. One whose login has gone counts until the server has
// been idle for ten minutes as well: CI runners, `ssh HOST pump --startup` and cron start every step in a
// session of its own, so that the login of `--startup` has ended before the first compilation. Rejected:
// dropping it with the login (breaks exactly these), and never (a forgotten --shutdown would keep a server
// until the reboot).
//
// add_pin and remove_pin are in session.h; this is the server's side. Server's main thread.
#pragma once

#include <chrono>
#include <cstddef>

#include "pump/session/session.h"

namespace pump::session {

inline constexpr std::chrono::minutes kPinOutlivesLogin(10);

/// Removes what no longer counts, given how long the server has had neither clients nor requests; returns the
/// rest.
std::size_t prune_pins(const Directory& directory, std::chrono::milliseconds idle);

/// All pins, dead ones included.
std::size_t count_pins(const Directory& directory);

}  // namespace pump::session
