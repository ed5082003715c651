// Asks an include server, ours or distcc's, which files a compilation reads: the request of distcc's client
// (src/include_server_if.c in distcc 3.4; the bytes are described in pump/include_server/support/protocol.h).
// Any thread.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "pump/os/error.h"

namespace pump::distcc {

/// The paths of the copies in the mirror; empty: the server cannot answer. `cwd`: absolute. Errors: nobody
/// listens at `socket`, the reply is malformed, or it is not complete within `patience` (ETIMEDOUT).
Expected<std::vector<std::string>> ask_include_server(const std::string& socket, const std::string& cwd,
                                                      const std::vector<std::string>& words,
                                                      std::chrono::seconds patience);

}  // namespace pump::distcc
