// The include server that one command's distcc will ask: that of an enclosing `pump COMMAND` or `--startup`,
// else the session's own, started where it does not run. Main thread.
#pragma once

#include <optional>
#include <string>

#include "pump/os/environment.h"
#include "pump/os/error.h"
#include "pump/session/session.h"

namespace pump::launcher {

/// Keep it until distcc has ended: it holds the reference that keeps the server.
struct IncludeServer {
  std::optional<session::Client> client;  ///< unset: an enclosing session holds the reference
  std::string socket;                     ///< INCLUDE_SERVER_PORT
  std::string directory;                  ///< INCLUDE_SERVER_DIR
  std::string pid;                        ///< INCLUDE_SERVER_PID
};

/// Joins. An enclosing session of this very directory is joined as well, so that its count of clients tells
/// the truth. Of a foreign one (another PUMP_SESSION, the classic pump) only the socket is used, if it and
/// its server's process are there.
Expected<IncludeServer> join_include_server(const os::Environment& environment,
                                            const session::Settings& settings,
                                            const session::Directory& directory);

}  // namespace pump::launcher
