// Pins keep the server for `pump --startup`, which ends and so cannot hold a lock.
//
// A pin is a small file that records its origin: the boot, the PID namespace, and the shell's session leader
// with its start time. A pin of an earlier boot does not count. A pin whose session leader has ended (the
// user has logged out) counts until the server has also been idle for ten minutes: CI runners, `ssh HOST pump
// --startup` and cron run each step in a login session of its own, so the login of `--startup` ends before
// the first compilation. Rejected: ignoring the pin when the login ends (breaks these cases), and counting it
// forever (a forgotten --shutdown would keep a server until reboot).
//
// add_pin() and remove_pin() are in session.h; the functions below are the server's side. Server's main
// thread.
#pragma once

#include <chrono>
#include <cstddef>

#include "pump/session/session.h"

namespace pump::session {

inline constexpr std::chrono::minutes kPinOutlivesLogin(10);

/// Removes pins that no longer count and returns the number of the others. `idle`: how long the server has
/// had neither clients nor requests.
std::size_t prune_pins(const Directory& directory, std::chrono::milliseconds idle);

/// The number of pins, including those that no longer count.
std::size_t count_pins(const Directory& directory);

}  // namespace pump::session
