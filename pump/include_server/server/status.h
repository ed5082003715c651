// The status of an include server, as JSON. Any thread.
//
// A status request (protocol.h) is answered with one JSON object on one line: pid, jobs, uptime_seconds; the
// counters by their names (answer/counters.h); waiting, mirror, mirror_bytes, rss_bytes.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "pump/include_server/answer/counters.h"
#include "pump/os/error.h"

namespace pump::include_server {

struct ServerStatus {
  explicit ServerStatus(const Counters& now) : counters(now) {}

  Counters counters;
  std::uint64_t waiting = 0;       ///< connections with an incomplete request or reply
  std::uint64_t jobs = 0;          ///< worker threads
  std::string mirror;              ///< its first root
  std::uint64_t mirror_bytes = 0;  ///< with the fragments
  std::chrono::duration<double> uptime{};
};

/// With this process's id and resident memory. Bytes of paths that are not UTF-8 become U+FFFD.
std::string to_json(const ServerStatus& status);

/// Requests the status of the server at `socket`, waits up to five seconds for each part of the reply, and
/// returns the JSON. Errors: no server listens there, or one of another kind.
Expected<std::string> request_status(const std::string& socket);

}  // namespace pump::include_server
