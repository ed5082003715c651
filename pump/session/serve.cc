// The server process: take alive.lock, start the backend, report that it is ready, run while there are
// clients, retire.
//
// It polls a few times a second for clients, served requests, retirement requests, and changes of its
// directory. Rejected: a thread that waits for the exclusive clients.lock. It would get the lock when the
// last client leaves, and with `ninja -j1` every next client would have to wait for it.
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>

#include "pump/os/file_io.h"
#include "pump/os/format.h"
#include "pump/session/backend.h"
#include "pump/session/boot_clock.h"
#include "pump/session/lock_order.h"
#include "pump/session/log_file.h"
#include "pump/session/pins.h"
#include "pump/session/retirement_request.h"
#include "pump/session/server_process.h"
#include "pump/session/state_file.h"

namespace pump::session {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

void log_line(const std::string& text) {
  // One write, so that lines of the backend's threads and children do not get in between.
  const std::string line = os::format("session[{}]: {}\n", ::getpid(), text);
  (void)os::write_all(STDERR_FILENO, line);
}

/// Blocks SIGTERM, SIGINT and SIGHUP, also in the threads that the backend starts, and waits for them.
class StopSignals {
 public:
  StopSignals() {
    ::sigemptyset(&set_);
    for (const int number : {SIGTERM, SIGINT, SIGHUP}) ::sigaddset(&set_, number);
    ::pthread_sigmask(SIG_BLOCK, &set_, nullptr);
    for (const int number : {SIGPIPE, SIGIO, SIGXFSZ}) ::signal(number, SIG_IGN);
  }
  /// Waits for `time` or until a signal arrives; returns its number, or 0.
  [[nodiscard]] int wait(milliseconds time) const {
    const timespec limit{.tv_sec = time.count() / 1000, .tv_nsec = time.count() % 1000 * 1'000'000};
    const int number = ::sigtimedwait(&set_, nullptr, &limit);
    return std::max(number, 0);
  }

 private:
  sigset_t set_{};
};

/// Reports the result to the starter, once.
class ReadyPipe {
 public:
  explicit ReadyPipe(int fd) : fd_(fd) {}
  void report(std::string_view text) {
    // The starter may have been killed; other clients wait for the state file.
    (void)os::write_all(fd_.get(), text);
    fd_.reset();
  }

 private:
  os::UniqueFd fd_;
};

struct FileIdentity {
  dev_t device = 0;
  ino_t inode = 0;
  bool operator==(const FileIdentity&) const = default;

  static FileIdentity of(const std::string& path) {
    struct stat info {};
    if (::lstat(path.c_str(), &info) != 0) return {};
    return {info.st_dev, info.st_ino};
  }
};

enum class Decision {
  kStay,
  kRetire,   ///< no client, and the linger is over
  kStopped,  ///< by a signal
  kLost,     ///< the directory, a lock file or the socket was deleted or replaced
  kBackendDied,
};

class SessionServer {
 public:
  SessionServer(const Directory& directory, const Settings& settings, Backend& backend, AliveHold alive)
      : directory_(directory), settings_(settings), backend_(backend), alive_(std::move(alive)) {}

  Status start();
  int run(const StopSignals& signals);

 private:
  Decision decide();
  [[nodiscard]] bool directory_is_ours() const;
  void publish();
  bool retire();
  void remove_files() const;
  [[nodiscard]] bool has_clients() const;
  void wait_for_last_clients(const StopSignals& signals) const;
  int end(Decision reason, const StopSignals& signals);
  [[nodiscard]] milliseconds poll_interval() const;

  const Directory& directory_;
  const Settings& settings_;
  Backend& backend_;
  std::optional<AliveHold> alive_;
  FileIdentity directory_identity_;
  FileIdentity clients_identity_;
  FileIdentity scheduler_identity_;
  /// clients.lock, to observe it. Open until the end: closing it would drop a lock on the file.
  os::UniqueFd clients_;
  State state_;  ///< as last written to state.json
  bool had_clients_ = false;
  bool stopped_by_signal_ = false;
  Clock::time_point last_busy_ = Clock::now();
};

Status SessionServer::start() {
  // Files and requests of a server that was killed.
  ::unlink(directory_.state().c_str());
  remove_files();
  answer_retirement_request(directory_);
  directory_identity_ = FileIdentity::of(directory_.path());
  clients_identity_ = FileIdentity::of(directory_.clients_lock());
  clients_.reset(::open(directory_.clients_lock().c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!clients_) return fail_errno("cannot open " + directory_.clients_lock());
  PUMP_CHECK(backend_.start(directory_.socket()));
  scheduler_identity_ = FileIdentity::of(directory_.scheduler());
  state_ = {.pid = ::getpid(),
            .started_ms = boot_milliseconds(),
            .served = backend_.served(),
            .backend = settings_.backend,
            .socket = directory_.socket()};
  last_busy_ = Clock::now();
  return write_state(directory_, state_);
}

int SessionServer::run(const StopSignals& signals) {
  while (true) {
    stopped_by_signal_ = signals.wait(poll_interval()) != 0;
    const Decision decision = decide();
    if (decision == Decision::kStay || (decision == Decision::kRetire && !retire())) continue;
    return end(decision, signals);
  }
}

milliseconds SessionServer::poll_interval() const {
  // Without a linger, the server ends soon after the last client has left. With one, a longer interval will
  // do.
  constexpr milliseconds kShort(50);
  constexpr milliseconds kLong(250);
  return had_clients_ && settings_.linger < kLong ? kShort : kLong;
}

Decision SessionServer::decide() {
  // This check comes first: if the directory was replaced, the files in it are another server's and must
  // stay, also when a signal stops this one.
  if (!directory_is_ours()) return Decision::kLost;
  if (stopped_by_signal_) return Decision::kStopped;
  if (!backend_.healthy()) return Decision::kBackendDied;
  bound_log(STDERR_FILENO, directory_.log());
  publish();

  had_clients_ = has_clients();
  const bool requested = is_retirement_requested(directory_);
  const auto idle = std::chrono::duration_cast<milliseconds>(Clock::now() - last_busy_);
  if (had_clients_) last_busy_ = Clock::now();
  const bool due = !had_clients_ && (requested || idle >= settings_.linger);
  if (due && prune_pins(directory_, idle) == 0) return Decision::kRetire;
  if (requested) answer_retirement_request(directory_);
  return Decision::kStay;
}

bool SessionServer::has_clients() const {
  const auto clients = observe_lock(clients_, directory_.clients_lock());
  return !clients || clients->has_value();  // if the lock cannot be observed, there may be clients
}

/// False when the files by which clients find this server were deleted or replaced. Clients then start
/// another server, whose files must stay.
bool SessionServer::directory_is_ours() const {
  return alive_->file().is_still_at_its_path() &&
         FileIdentity::of(directory_.path()) == directory_identity_ &&
         FileIdentity::of(directory_.clients_lock()) == clients_identity_ &&
         FileIdentity::of(directory_.scheduler()) == scheduler_identity_ &&
         ::access(directory_.socket().c_str(), F_OK) == 0;
}

void SessionServer::publish() {
  const std::uint64_t served = backend_.served();
  if (served != state_.served) last_busy_ = Clock::now();
  if (served == state_.served && has_state(directory_)) return;
  state_.served = served;
  if (const Status written = write_state(directory_, state_); !written) log_line(written.error().message);
}

void SessionServer::remove_files() const {
  ::unlink(directory_.socket().c_str());
  ::unlink(directory_.scheduler().c_str());
}

/// Retires and returns true, unless there are clients or pins. lock_order.h explains the order of the
/// releases.
bool SessionServer::retire() {
  auto no_clients = try_exclude_clients(directory_);
  if (!no_clients || !*no_clients) return false;
  auto start = try_start(**no_clients, directory_);
  if (!start || !*start) return false;
  // Only clients add pins, and there are none now, so this check is final. decide() checks pins, too, to
  // avoid taking the locks in vain.
  if (prune_pins(directory_,
                 Clock::now() - last_busy_ >= kPinOutlivesLogin ? kPinOutlivesLogin : milliseconds(0)) > 0)
    return false;
  backend_.stop();
  remove_files();
  ::unlink(directory_.state().c_str());
  alive_.reset();
  answer_retirement_request(directory_);
  return true;
}

/// New clients no longer find this server, but clients with a reply still read its mirror. Long-lived clients
/// (`pump make`) are not waited for.
void SessionServer::wait_for_last_clients(const StopSignals& signals) const {
  constexpr std::chrono::seconds kLongest(5);
  constexpr milliseconds kStep(50);
  const Clock::time_point end = Clock::now() + kLongest;
  while (has_clients() && Clock::now() < end && signals.wait(kStep) == 0) continue;
}

int SessionServer::end(Decision reason, const StopSignals& signals) {
  if (reason == Decision::kRetire) {
    log_line("retired");
    return 0;
  }
  if (reason == Decision::kLost) {
    log_line("the session's directory was deleted or replaced; stopping");
    if (!stopped_by_signal_) wait_for_last_clients(signals);
    backend_.stop();
    return 1;
  }
  backend_.stop();
  remove_files();
  if (reason == Decision::kBackendDied) {
    // The state file stays: the next start recognises the crash by it.
    log_line("the include server died");
    return 1;
  }
  ::unlink(directory_.state().c_str());
  log_line("stopped by a signal");
  return 0;
}

int fail_to_start(ReadyPipe& ready, const Error& error) {
  log_line(error.message);
  ready.report(os::format("{}{}\n", kReadyError, error.message));
  return 1;
}

}  // namespace

int serve(const Directory& directory, const Settings& settings, Backend& backend, int ready_fd) {
  const StopSignals signals;
  ReadyPipe ready(ready_fd);
  ::prctl(PR_SET_NAME, "pump-server");  // the default is "exe", from /proc/self/exe
  ::umask(077);
  auto alive = try_be_the_server(directory);
  if (!alive) return fail_to_start(ready, alive.error());
  if (!*alive) {
    ready.report(kReadyBusy);
    return 1;
  }
  SessionServer server(directory, settings, backend, *std::move(*alive));
  if (const Status started = server.start(); !started) {
    backend.stop();
    return fail_to_start(ready, started.error());
  }
  log_line(os::format("ready, backend {}, linger {} ms", settings.backend, settings.linger.count()));
  ready.report(kReadyOk);
  return server.run(signals);
}

}  // namespace pump::session
