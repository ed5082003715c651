// A session: the include server that all builds of a user with the same settings share, and its clients.
// serve.cc has the life of the server, lock_order.h the locks.
//
// A client finds or starts the server like this:
//
//   PUMP_TRY(const Settings settings, read_settings(os::Environment::current()));
//   PUMP_TRY(const Directory directory, Directory::open(settings));
//   PUMP_TRY(const Client client, Client::join(directory));
//   PUMP_TRY(const Server server, ensure_server(client, settings));
//   // connect to directory.socket(); the server stays while `client` exists
//
// The clients are the processes with a shared lock on clients.lock, so the kernel keeps their number right
// however a client ends. Used by `pump` (pump/cli) and `pump-launch` (launcher/), from a process's main
// thread.
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

/// What the environment sets. Builds share a server if all members but `linger` and `distcc_directory` are
/// equal.
struct Settings {
  std::string backend = "native";        ///< "native" or "python" (PUMP_INCLUDE_SERVER)
  std::vector<std::string> server_args;  ///< INCLUDE_SERVER_ARGS, shell quoting resolved
  std::string client_tmp;                ///< DISTCC_CLIENT_TMP
  std::string name;                      ///< PUMP_SESSION
  /// $PUMP_RUNTIME_DIR, else $XDG_RUNTIME_DIR/distcc-pump, else /tmp/distcc-pump-UID
  std::string runtime_directory;
  std::chrono::milliseconds linger{15000};  ///< PUMP_LINGER, which is in seconds
  std::string distcc_directory;  ///< DISTCC_LOCATION; the Python backend is searched relative to it
};

/// Reads these variables. Error: a malformed PUMP_LINGER, PUMP_INCLUDE_SERVER or PUMP_RUNTIME_DIR, or bad
/// quoting.
Expected<Settings> read_settings(const os::Environment& environment);

/// Settings::runtime_directory. Error: a relative PUMP_RUNTIME_DIR.
Expected<std::string> runtime_directory(const os::Environment& environment);

/// The session's directory. It is created with mode 0700, and verified to belong to this user before its
/// content is trusted.
class Directory {
 public:
  /// The directory of the session with these settings; creates it. Error: it cannot be made, or belongs to
  /// another user.
  static Expected<Directory> open(const Settings& settings);
  /// An existing directory, by its path, for the server process and `--shutdown`. It is verified, too.
  static Expected<Directory> at(const std::string& path);

  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] std::string socket() const { return path_ + "/socket"; }
  /// The scheduler's socket (pump/scheduler/service.h).
  [[nodiscard]] std::string scheduler() const { return path_ + "/scheduler"; }
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

/// A client: holds a shared lock on clients.lock until this object or the process ends. Until then the server
/// cannot retire. Children do not inherit the lock; execve releases it unless keep_across_exec() was called,
/// so that compilers do not inherit the descriptors.
class Client {
 public:
  /// Waits up to 10 s for a server that is retiring. Error: no lock (ETIMEDOUT, ENOLCK, ESTALE).
  static Expected<Client> join(const Directory& directory);
  Client(Client&&) noexcept;
  Client& operator=(Client&&) noexcept;
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;
  ~Client();
  [[nodiscard]] const Directory& directory() const;
  /// Keeps the lock for the program that this process executes next. Call right before execve, not before
  /// spawn.
  Status keep_across_exec();

 private:
  friend struct ClientAccess;  // lock_order.h
  struct Held;
  explicit Client(std::unique_ptr<Held> held);
  std::unique_ptr<Held> held_;
};

struct Server {
  pid_t pid = 0;              ///< 0 if it is in a PID namespace that this process cannot see
  bool started_here = false;  ///< this call started it
};

/// Returns when a server is ready: the running one, or a new one that this call starts. It takes a Client,
/// because a server cannot retire while it has one. Errors: why the server cannot start, with the last line
/// of its log; EAGAIN if a start failed shortly before (see start_history.h); EMFILE; ETIMEDOUT after 40 s.
Expected<Server> ensure_server(const Client& client, const Settings& settings);

/// Adds a pin for `pump --startup` and returns its name, which `--shutdown` needs. A pin keeps the server as
/// a client does, without a process. pins.h describes which pins count.
Expected<std::string> add_pin(const Client& client);
/// Removes a pin; false if it did not exist, as at a second --shutdown.
Expected<bool> remove_pin(const std::string& session_directory, const std::string& pin);

/// The state of a session, for processes that do not join it.
struct SessionInfo {
  std::string directory;
  bool running = false;       ///< a process holds alive.lock
  pid_t pid = 0;              ///< that process; 0 if it is in a PID namespace that this process cannot see
  std::uint64_t clients = 0;  ///< shared locks on clients.lock (from /proc/locks); without pins
  std::uint64_t pins = 0;
  // Only if running, from state.json:
  std::uint64_t served = 0;   ///< requests answered so far
  double uptime_seconds = 0;  ///< since the server became ready
  std::string backend;        ///< "native" or "python"
};
/// Error: a lock or /proc/locks cannot be read.
Expected<SessionInfo> inspect(const Directory& directory);

/// Ends the server without a linger, if it has neither clients nor pins. Returns when no process holds
/// alive.lock. Errors: EBUSY if the server has clients; ETIMEDOUT after `patience`.
Status retire_if_idle(const Directory& directory, std::chrono::milliseconds patience);

}  // namespace pump::session
