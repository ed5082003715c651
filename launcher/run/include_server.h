// Finds the include server for one command's distcc: that of an enclosing `pump COMMAND` or `pump --startup`,
// otherwise the session's own, which is started if it does not run. Main thread.
#pragma once

#include <optional>
#include <string>

#include "pump/os/environment.h"
#include "pump/os/error.h"
#include "pump/session/session.h"

namespace pump::launcher {

/// Must live until distcc has ended: it holds the reference that keeps the server running.
struct IncludeServer {
  std::optional<session::Client> client;  ///< unset: an enclosing session holds the reference
  std::string socket;                     ///< INCLUDE_SERVER_PORT
  std::string directory;                  ///< INCLUDE_SERVER_DIR
  std::string pid;                        ///< INCLUDE_SERVER_PID
};

/// An enclosing session with the same directory is joined like any other, so that its client count is right.
/// Of another one (another PUMP_SESSION, or distcc's own pump) only the socket is used, if it and the
/// server's process exist. Error: no server could be joined or started.
Expected<IncludeServer> join_include_server(const os::Environment& environment,
                                            const session::Settings& settings,
                                            const session::Directory& directory);

}  // namespace pump::launcher
