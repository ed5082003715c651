// The interface of the include server that a session's server process runs: pump's own, or distcc's Python
// one. Implemented in pump/cli, so that the session depends on neither; a test implements it with a fake.
// serve() calls it from its main thread; functions marked "any thread" may also be called from others.
#pragma once

#include <cstdint>
#include <string>

#include "pump/os/error.h"
#include "pump/session/session.h"

namespace pump::session {

class Backend {
 public:
  virtual ~Backend() = default;
  /// Returns when `socket` accepts connections. Called once, before the other functions. Error: it cannot
  /// start.
  virtual Status start(const std::string& socket) = 0;
  /// Number of requests answered so far; a change counts as activity. Any thread.
  [[nodiscard]] virtual std::uint64_t served() const = 0;
  /// False when it has died without stop(). Any thread.
  [[nodiscard]] virtual bool healthy() = 0;
  /// Stops answering, and removes its socket and mirror. Also called after a failed start().
  virtual void stop() = 0;
};

/// The server process, after exec: takes alive.lock, starts `backend`, reports to the starter through
/// `ready_fd` (see server_process.h), serves until the last client has left and the linger is over, retires.
/// Returns the exit status. SIGTERM, SIGINT and SIGHUP are blocked before `backend` starts threads, which
/// must not unblock them; os::spawn unblocks them for children.
int serve(const Directory& directory, const Settings& settings, Backend& backend, int ready_fd);

}  // namespace pump::session
