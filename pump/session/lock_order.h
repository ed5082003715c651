// The session's three locks, what holding each means, and the one order in which they may be waited for:
//
//   clients.lock   shared: a client. exclusive: the server, retiring; nobody may become a client meanwhile.
//   start.lock     exclusive: starting or retiring a server. Needs a hold on clients.lock, as the argument
//   says. alive.lock     exclusive: being the server, for life. Taken by the server process itself, without
//   waiting.
//
// The server holds alive.lock and then wants the two above it, against the order; it only ever tries, so no
// cycle can wait. It gives up alive.lock first and clients.lock last: whoever gets to be a client afterwards
// finds it gone. Because every client holds clients.lock before it looks at alive.lock, a server that a
// client has seen alive cannot retire while that client stays (it can be told to stop, or die).
//
// A hold is a value that owns its open file; dropping it releases. Same thread rules as FileLock.
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

/// To become a client: waits for a retiring server to be gone, at most `patience`.
inline Expected<ClientHold> join_clients(const Directory& directory, std::chrono::milliseconds patience) {
  PUMP_TRY(std::unique_ptr<os::FileLock> file, os::FileLock::open(directory.clients_lock()));
  PUMP_CHECK(file->lock(os::LockMode::kShared, patience));
  return ClientHold(std::move(file));
}

/// Nothing where there is a client.
inline Expected<std::optional<NoClientsHold>> try_exclude_clients(const Directory& directory) {
  return try_exclusive<NoClientsHold>(directory.clients_lock());
}

/// Nothing where another process is starting a server.
template <ClientsLockHeld Clients>
Expected<std::optional<StartHold>> try_start(const Clients& /*held*/, const Directory& directory) {
  return try_exclusive<StartHold>(directory.start_lock());
}

/// Nothing where there is a server already.
inline Expected<std::optional<AliveHold>> try_be_the_server(const Directory& directory) {
  return try_exclusive<AliveHold>(directory.alive_lock());
}

}  // namespace pump::session
