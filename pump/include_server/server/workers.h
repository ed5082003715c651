// The worker threads: each waits for an event and handles it, until the event set is stopped.
//
// All workers wait on the same event set. Whichever gets a new client accepts it and, as a rule, reads,
// answers and replies without handing anything to another thread: one wake-up per request. Rejected: a
// dispatcher thread with a queue. It doubles the wake-ups, which are most of the cost of a cached reply.
//
// One thread starts and destroys them; running() from any thread.
#pragma once

#include <atomic>
#include <cstddef>
#include <thread>
#include <vector>

#include "pump/include_server/server/client_handler.h"
#include "pump/include_server/server/event_set.h"
#include "pump/os/error.h"

namespace pump::include_server {

class Workers {
 public:
  /// The arguments outlive the object.
  Workers(const EventSet& events, ClientHandler& clients) : events_(events), clients_(clients) {}
  ~Workers();  ///< stops the event set and joins the threads
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  /// Starts `jobs` threads, 0: one per core; or fewer, with a warning in the log, if the system refuses more
  /// (a container's limit of processes counts threads). Error: none could be started.
  Status start(std::size_t jobs);
  [[nodiscard]] std::size_t running() const { return running_; }

 private:
  void work();

  const EventSet& events_;
  ClientHandler& clients_;
  std::atomic<std::size_t> running_{0};
  std::vector<std::thread> threads_;
};

}  // namespace pump::include_server
