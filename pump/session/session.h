// The session: the one include server that all builds of one user with the same settings share, and who
// counts as its client. See ARCHITECTURE.md for the life of a session, lock_order.h for the locks.
//
// Used by `pump` (cli/) and by `pump-launch` (launcher/), from a process's main thread. The count of clients
// is the set of shared locks on `clients.lock`, so the kernel keeps it right however a client ends.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "pump/os/environment.h"
#include "pump/os/error.h"

namespace pump::session {

/// What makes two builds share a server or not. Everything but `linger`, `distcc_directory` goes into the
/// key.
struct Settings {
  std::string backend = "native";        ///< "native" or "python" (PUMP_INCLUDE_SERVER)
  std::vector<std::string> server_args;  ///< INCLUDE_SERVER_ARGS, shell quoting resolved
  std::string client_tmp;                ///< DISTCC_CLIENT_TMP
  std::string name;                      ///< PUMP_SESSION
  std::string
      runtime_directory;  ///< $PUMP_RUNTIME_DIR, else $XDG_RUNTIME_DIR/distcc-pump, else /tmp/distcc-pump-UID
  std::chrono::milliseconds linger{15000};  ///< PUMP_LINGER, seconds
  std::string distcc_directory;  ///< directory of distcc; the Python backend is found relative to it
};

/// Reads the variables above. Error: a PUMP_LINGER or PUMP_INCLUDE_SERVER that makes no sense, bad quoting.
Expected<Settings> read_settings(const os::Environment& environment);

/// The session's directory: created (0700) and verified to be ours, by lstat, before anything in it is
/// trusted.
class Directory {
 public:
  static Expected<Directory> open(const Settings& settings);
  /// One that exists, by its path: what the server process and `--shutdown` are given. Verified the same way.
  static Expected<Directory> at(const std::string& path);

  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] std::string socket() const { return path_ + "/socket"; }
  /// The same socket under a name that does not end in "/socket": distcc then keeps no discrepancy counter
  /// beside it, which would put every later compilation of every build into plain mode.
  [[nodiscard]] std::string uncounted_socket() const { return path_ + "/port"; }
  [[nodiscard]] std::string log() const { return path_ + "/log"; }
  [[nodiscard]] std::string state() const { return path_ + "/state.json"; }
  [[nodiscard]] std::string pins() const { return path_ + "/pins"; }
  [[nodiscard]] std::string clients_lock() const { return path_ + "/clients.lock"; }
  [[nodiscard]] std::string start_lock() const { return path_ + "/start.lock"; }
  [[nodiscard]] std::string alive_lock() const { return path_ + "/alive.lock"; }

 private:
  explicit Directory(std::string path) : path_(std::move(path)) {}
  std::string path_;
};

/// Being a client: a shared lock on clients.lock, held until this object or the process goes.
/// The server cannot retire meanwhile. Not inherited by children; given up by execve unless
/// keep_across_exec() was called, so that compilers do not find our descriptors open.
class Client {
 public:
  static Expected<Client> join(const Directory& directory);
  Client(Client&&) noexcept;
  Client& operator=(Client&&) noexcept;
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;
  ~Client();
  [[nodiscard]] const Directory& directory() const;
  /// The program that this process becomes stays a client. Call right before execve, not before spawn.
  Status keep_across_exec();

 private:
  friend struct ClientAccess;  // start.cc: the lock order is checked by types
  struct Held;
  explicit Client(std::unique_ptr<Held> held);
  std::unique_ptr<Held> held_;
};

struct Server {
  pid_t pid = 0;
  bool started_here = false;  ///< by this call
};

/// The running server, or a fresh one, started under start.lock and waited for through a pipe. Only a client
/// may ask, so that the server cannot retire between the answer and its use. Errors: why it cannot start (its
/// log's last line included); a start that failed a few seconds ago is not tried again (EAGAIN).
Expected<Server> ensure_server(const Client& client, const Settings& settings);

/// A pin keeps the server like a client does, but without a process: what `pump --startup` leaves behind.
/// Its name goes to `--shutdown`. Pins of an earlier boot, or of a login that has ended, do not count.
Expected<std::string> add_pin(const Client& client);
/// Removes one pin; false where it did not exist (a second --shutdown).
Expected<bool> remove_pin(const std::string& session_directory, const std::string& pin);

/// What can be seen from outside, without joining. `running` by a lock probe of alive.lock, nothing else.
struct Snapshot {
  std::string directory;
  bool running = false;
  pid_t pid = 0;
  std::uint64_t clients = 0;  ///< shared locks on clients.lock now (from /proc/locks), pins not included
  std::uint64_t pins = 0;
  std::uint64_t served = 0;  ///< requests answered so far
  double uptime_seconds = 0;
  std::string backend;
};
Expected<Snapshot> inspect(const Directory& directory);

/// A request to stop now, whoever is still there: `--shutdown` of a server that has no other client stops it
/// at once instead of lingering. Returns when alive.lock is free or after `patience` (then an Error with
/// ETIMEDOUT).
Status retire_if_idle(const Directory& directory, std::chrono::milliseconds patience);

}  // namespace pump::session
