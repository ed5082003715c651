// The include server's socket: accepts clients of the same uid, reads one request each, answers from a pool
// of workers. A malformed, slow, silent or vanished client costs nobody else anything.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "pump/include_server/answer/request_handler.h"
#include "pump/include_server/support/options.h"

namespace pump::include_server {

class Server {
 public:
  /// Binds `options.port` (mode 0600) and starts the workers. Errors: path too long, in use, no mirror.
  static Expected<std::unique_ptr<Server>> start(const Options& options);
  /// Stops the workers, removes the socket and the mirror.
  ~Server();
  [[nodiscard]] std::uint64_t served() const;
  /// What a status request is answered with: one JSON object with the members requests, cache_hits, gave_up,
  /// approximate, entries, steps, malformed, refused, dropped, waiting, mirror, mirror_bytes, rss_bytes,
  /// uptime_seconds, jobs, pid.
  [[nodiscard]] std::string status_json() const;

 private:
  struct Impl;
  explicit Server(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// Asks the server at `socket` for its status: the JSON above. Errors: nobody listens there, another kind of
/// server.
Expected<std::string> request_status(const std::string& socket);

/// The stand-alone program: `pump-include-server --port PATH --pid_file PATH ...`. Like distcc's own it goes
/// into the background when it is ready; stdout is closed then, stderr stays. SIGTERM and SIGINT end it.
int include_server_main(int argc, char** argv);

}  // namespace pump::include_server
