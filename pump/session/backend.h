// What the session's server process runs: the native include server, or distcc's Python one. Implemented
// above the session (cli/), so that the session knows neither.
#pragma once

#include <cstdint>
#include <string>

#include "pump/os/error.h"
#include "pump/session/session.h"

namespace pump::session {

class Backend {
 public:
  virtual ~Backend() = default;
  /// Returns once `socket` accepts connections. Called once, before any other.
  virtual Status start(const std::string& socket) = 0;
  /// Requests answered so far; a change counts as activity. Any thread.
  [[nodiscard]] virtual std::uint64_t served() const = 0;
  /// False once it has died by itself. Any thread.
  [[nodiscard]] virtual bool healthy() = 0;
  /// Stops answering and removes what it made (socket, mirror). Called after a failed start(), too.
  virtual void stop() = 0;
};

/// The life of the server process, after exec: takes alive.lock, starts `backend`, writes "ok\n" (or the
/// error) to `ready_fd`, lingers, retires. Returns the exit status.
/// SIGTERM, SIGINT and SIGHUP are blocked before `backend` starts its threads, which must not unblock them;
/// children get them unblocked by os::spawn.
int serve(const Directory& directory, const Settings& settings, Backend& backend, int ready_fd);

}  // namespace pump::session
