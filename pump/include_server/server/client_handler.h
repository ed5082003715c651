// Serves clients, each from accept to close: accepts it, reads its request, gets the answer, sends the reply.
//
// For a new client begin() waits up to 1 ms for the rest of the request. A request that is still incomplete
// then, or a reply that does not fit into the socket's buffer, waits in the waiting room. Clients there cost a
// descriptor each, are bounded in number, bytes and time, and occupy no worker. So a malformed, slow, silent
// or vanished client does not stop the others.
//
// Where connections are closed: a client of another or unknown uid in close_refused(), one that breaks the
// protocol in close_malformed(), idle ones that must make room in close_longest_idle(), overdue ones in
// sweep(). All others close when their unique_ptr ends: after the reply, or when the client is gone.
//
// Any worker thread calls handle() for any event. After a request has been read, receive → answer → send run
// on the same thread.
#pragma once

#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "pump/include_server/answer/counters.h"
#include "pump/include_server/answer/current_handler.h"
#include "pump/include_server/server/connection.h"
#include "pump/include_server/server/event_set.h"
#include "pump/include_server/server/waiting_room.h"
#include "pump/os/error.h"

namespace pump::include_server {

class ClientHandler {
 public:
  /// `listener`: the listening socket. `status`: makes the reply to a status request. All arguments outlive
  /// the object.
  ClientHandler(const EventSet& events, int listener, CurrentHandler& requests, Counters& counters,
                std::function<std::string()> status);
  ClientHandler(const ClientHandler&) = delete;
  ClientHandler& operator=(const ClientHandler&) = delete;

  /// Adds the listener to the event set. Raises this process's limit of descriptors.
  Status start();
  /// Handles the event of that number: a new client, one that waited, or the timer.
  void handle(std::uint64_t number);
  /// Connections in the waiting room.
  [[nodiscard]] std::size_t waiting() const { return room_.size(); }

 private:
  void accept_client();
  void close_refused(os::UniqueFd client, long uid);
  void close_malformed(std::unique_ptr<Connection> connection);
  /// Closes the connection without progress for longest. False if none lacks progress for `at_least`.
  bool close_longest_idle(std::chrono::milliseconds at_least);
  void make_room_for_descriptor();
  /// Serves a client that was just accepted. Waits up to 1 ms for the rest of its request.
  void begin(std::unique_ptr<Connection> connection);
  /// Goes on with a client from the waiting room.
  void resume(std::unique_ptr<Connection> connection);
  /// Answers a complete request. Otherwise the connection waits, or is closed.
  void received(std::unique_ptr<Connection> connection, Connection::Progress progress);
  void send(std::unique_ptr<Connection> connection);
  Reply answer(Connection& connection);
  /// Puts the connection into the waiting room until one of `events` occurs.
  void wait_for(std::uint32_t events, std::unique_ptr<Connection> connection);
  void set_timer(bool on) const;
  void sweep();

  const EventSet& events_;
  const int listener_;
  CurrentHandler& requests_;
  Counters& counters_;
  const std::function<std::string()> status_;
  const uid_t owner_ = ::geteuid();
  os::UniqueFd timer_;  ///< runs while connections wait
  std::atomic<bool> timer_runs_{false};
  WaitingRoom room_;
  std::size_t most_waiting_ = 256;
  std::atomic<std::uint64_t> next_number_;
};

}  // namespace pump::include_server
