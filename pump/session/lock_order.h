// The three locks of a session, in the order in which a process may wait for them.
//
//   lock          mode       holder                meaning
//   clients.lock  shared     each client           the server cannot retire
//   clients.lock  exclusive  the retiring server   no process can become a client
//   start.lock    exclusive  a client, or the      it starts a server, or retires; taken with clients.lock in
//                            retiring server       either mode, which try_start() requires as an argument
//   alive.lock    exclusive  the server, for life  it is the server of this session
//
// Only join_clients() waits, and it is called without any lock; every other lock is only tried. The server
// takes alive.lock first and the other two when it retires, against the order. That cannot deadlock, because
// it tries them and gives up if one is taken.
//
// A retiring server releases alive.lock first and clients.lock last: a process that becomes a client
// afterwards finds alive.lock free and starts a server. A client takes clients.lock before it looks at
// alive.lock. So a server that a client has seen alive does not retire while that client stays; it can still
// be stopped or die.
//
// A hold is a value that owns the open lock file; destroying it releases the lock. Threads: see
// pump/os/file_lock.h.
#pragma once

#include <chrono>
#include <concepts>
#include <memory>
#include <optional>
#include <utility>

#include "pump/os/error.h"
#include "pump/os/file_lock.h"
#include "pump/session/session.h"

namespace pump::session {

template <typename Tag>
class Hold {
 public:
  explicit Hold(std::unique_ptr<os::FileLock> file) : file_(std::move(file)) {}
  [[nodiscard]] os::FileLock& file() const { return *file_; }

 private:
  std::unique_ptr<os::FileLock> file_;
};

using ClientHold = Hold<struct ClientTag>;       ///< clients.lock, shared
using NoClientsHold = Hold<struct NoClientTag>;  ///< clients.lock, exclusive
using StartHold = Hold<struct StartTag>;         ///< start.lock, exclusive
using AliveHold = Hold<struct AliveTag>;         ///< alive.lock, exclusive

template <typename T>
concept ClientsLockHeld = std::same_as<T, ClientHold> || std::same_as<T, NoClientsHold>;

template <typename Hold>
Expected<std::optional<Hold>> try_exclusive(const std::string& path) {
  PUMP_TRY(std::unique_ptr<os::FileLock> file, os::FileLock::open(path));
  PUMP_TRY(const bool locked, file->try_lock(os::LockMode::kExclusive));
  if (!locked) return std::nullopt;
  return Hold(std::move(file));
}

/// Makes the caller a client. If a server is retiring, waits until it has ended, at most `patience`
/// (ETIMEDOUT).
inline Expected<ClientHold> join_clients(const Directory& directory, std::chrono::milliseconds patience) {
  PUMP_TRY(std::unique_ptr<os::FileLock> file, os::FileLock::open(directory.clients_lock()));
  PUMP_CHECK(file->lock(os::LockMode::kShared, patience));
  return ClientHold(std::move(file));
}

/// Nothing if there is a client.
inline Expected<std::optional<NoClientsHold>> try_exclude_clients(const Directory& directory) {
  return try_exclusive<NoClientsHold>(directory.clients_lock());
}

/// Nothing if another process is starting a server, or the server is retiring.
template <ClientsLockHeld Clients>
Expected<std::optional<StartHold>> try_start(const Clients& /*held*/, const Directory& directory) {
  return try_exclusive<StartHold>(directory.start_lock());
}

/// Nothing if there is a server already.
inline Expected<std::optional<AliveHold>> try_be_the_server(const Directory& directory) {
  return try_exclusive<AliveHold>(directory.alive_lock());
}

/// What a Client holds. Only this directory passes it on, to functions that take a hold as an argument.
struct Client::Held {
  Directory directory;
  ClientHold hold;
};

struct ClientAccess {
  static const ClientHold& hold(const Client& client) { return client.held_->hold; }
};

}  // namespace pump::session
