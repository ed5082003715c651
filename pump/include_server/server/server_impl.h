// A server's workers and what they share. For server.cc, in which they wait and are woken, and for
// server_clients.cc, in which they serve.
#pragma once

#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "pump/include_server/server/connection.h"
#include "pump/include_server/server/listener.h"
#include "pump/include_server/server/server.h"

namespace pump::include_server {

// Epoll's numbers for what is no connection.
constexpr std::uint64_t kListener = 0, kStop = 1, kTimer = 2, kFirstConnection = 3;

struct Server::Impl {
  Impl(Listener the_listener, std::unique_ptr<Answerer> the_answerer, const Options& the_options);
  ~Impl();
  Status set_up();
  /// As many as may be had: a container's limit of processes counts threads. An error where there is none.
  Status start_workers();

  // server.cc: waiting
  bool watch(int operation, int fd, std::uint32_t events, std::uint64_t number) const;
  void work();
  void handle(std::uint64_t number);
  [[nodiscard]] std::string status_json() const;

  // server_clients.cc: serving
  void accept_one();
  void make_room();
  void advance(std::unique_ptr<Connection> connection);
  void send(std::unique_ptr<Connection> connection);
  bool prepare_reply(Connection& connection);
  std::shared_ptr<const std::string> answer(Connection& connection);
  void park(std::unique_ptr<Connection> connection, std::uint32_t events);
  void set_timer(bool on) const;
  void sweep();

  const Options options;
  const uid_t owner = ::geteuid();
  Listener listener;
  std::unique_ptr<Answerer> answerer;
  os::UniqueFd epoll, stop_event, timer;
  WaitingRoom room;
  std::size_t max_waiting = 256;
  std::atomic<bool> timer_runs{false};
  std::atomic<std::uint64_t> next_number{kFirstConnection};
  std::atomic<std::uint64_t> served{0}, malformed{0}, refused{0}, dropped{0};
  const std::chrono::steady_clock::time_point started = std::chrono::steady_clock::now();
  std::size_t jobs = 1;
  std::atomic<std::size_t> running{0};  ///< workers
  std::vector<std::thread> workers;
};

}  // namespace pump::include_server
