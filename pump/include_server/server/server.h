// The include server: a socket that distcc clients of the same uid connect to, and worker threads that answer
// them. Starting it also opens the process's log (support/log.h) and its crash log (support/crash_log.h), so
// there is one per process. start() and the destructor: one thread; all else: any thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "pump/include_server/answer/counters.h"
#include "pump/include_server/answer/current_handler.h"
#include "pump/include_server/server/client_handler.h"
#include "pump/include_server/server/event_set.h"
#include "pump/include_server/server/listener.h"
#include "pump/include_server/server/workers.h"
#include "pump/include_server/support/options.h"

namespace pump::include_server {

class Server {
 public:
  /// Binds `options.port` (mode 0600) and starts the workers. Errors: the path is too long or in use, no
  /// mirror can be made, no thread can be started.
  static Expected<std::unique_ptr<Server>> start(const Options& options);
  /// Stops the workers, removes the socket and the mirror.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// Number of commands replied to.
  [[nodiscard]] std::uint64_t served() const { return counters_->requests.value(); }
  /// The reply to a status request (status.h).
  [[nodiscard]] std::string status_json() const;

 private:
  Server(const Options& options, Listener listener, std::shared_ptr<Counters> counters,
         std::unique_ptr<CurrentHandler> requests);

  const Options options_;
  const std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
  Listener listener_;
  std::shared_ptr<Counters> counters_;
  std::unique_ptr<CurrentHandler> requests_;
  EventSet events_;
  ClientHandler clients_;
  Workers workers_;  ///< last: the threads end before what they use
};

/// The stand-alone program: `pump-include-server --port PATH --pid_file PATH ...`. Like distcc's own server
/// it goes into the background once it accepts clients; then stdout is closed, stderr stays open. SIGTERM,
/// SIGINT and SIGHUP end it. Returns the exit status.
int include_server_main(int argc, char** argv);

}  // namespace pump::include_server
