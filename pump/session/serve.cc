// The life of the server process: be the only one, start the backend, tell that it is ready, stay while
// anybody needs it, retire.
//
// Waiting is by looking, a few times a second: for clients, requests, requests to retire, and whether the
// directory is still ours. Rejected: a thread blocked on the exclusive clients.lock. It wakes up exactly when
// the last client leaves, but holds the lock then, so that the next client of every `ninja -j1` would stumble
// over it.
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>

#include <fmt/format.h>

#include "pump/os/file_io.h"
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
  // One write, so that lines of the backend's threads and children do not mix in.
  const std::string line = fmt::format("session[{}]: {}\n", ::getpid(), text);
  (void)os::write_all(STDERR_FILENO, line);
}

/// SIGTERM, SIGINT and SIGHUP, blocked in all threads of the backend and asked for here.
class StopSignals {
 public:
  StopSignals() {
    ::sigemptyset(&set_);
    for (const int number : {SIGTERM, SIGINT, SIGHUP}) ::sigaddset(&set_, number);
    ::pthread_sigmask(SIG_BLOCK, &set_, nullptr);
    for (const int number : {SIGPIPE, SIGIO}) ::signal(number, SIG_IGN);
  }
  /// Sleeps for `time` or until one comes; its number, or 0.
  [[nodiscard]] int wait(milliseconds time) const {
    const timespec limit{.tv_sec = time.count() / 1000, .tv_nsec = time.count() % 1000 * 1'000'000};
    const int number = ::sigtimedwait(&set_, nullptr, &limit);
    return std::max(number, 0);
  }

 private:
  sigset_t set_{};
};

/// Tells the starter how it went, once.
class ReadyPipe {
 public:
  explicit ReadyPipe(int fd) : fd_(fd) {}
  void tell(std::string_view text) {
    (void)os::write_all(fd_.get(),
                        text);  // a starter that was killed does not listen; others wait for the state file
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

enum class Stay { kStay, kRetire, kStopped, kLost, kBackendDied };

class ServerLife {
 public:
  ServerLife(const Directory& directory, const Settings& settings, Backend& backend, AliveHold alive)
      : directory_(directory), settings_(settings), backend_(backend), alive_(std::move(alive)) {}

  Status start();
  int run(const StopSignals& signals);

 private:
  Stay look();
  [[nodiscard]] bool directory_is_ours() const;
  void publish();
  bool retire();
  void remove_files() const;
  [[nodiscard]] bool anybody_there() const;
  void wait_for_last_clients(const StopSignals& signals) const;
  int end(Stay reason, const StopSignals& signals);
  [[nodiscard]] milliseconds nap() const;

  const Directory& directory_;
  const Settings& settings_;
  Backend& backend_;
  std::optional<AliveHold> alive_;
  FileIdentity directory_identity_;
  FileIdentity clients_identity_;
  os::UniqueFd clients_;  ///< of clients.lock: to look, never to lock, and closed at the end only
  State state_;
  bool has_clients_ = false;
  bool stopped_by_signal_ = false;
  Clock::time_point last_busy_ = Clock::now();
};

Status ServerLife::start() {
  // A killed predecessor's; a request was for it, too.
  ::unlink(directory_.state().c_str());
  remove_files();
  answer_retirement_request(directory_);
  directory_identity_ = FileIdentity::of(directory_.path());
  clients_identity_ = FileIdentity::of(directory_.clients_lock());
  clients_.reset(::open(directory_.clients_lock().c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!clients_) return fail_errno("cannot open " + directory_.clients_lock());
  PUMP_CHECK(backend_.start(directory_.socket()));
  if (::symlink("socket", directory_.uncounted_socket().c_str()) != 0)
    return fail_errno("cannot create " + directory_.uncounted_socket());
  state_ = {.pid = ::getpid(),
            .started_ms = boot_milliseconds(),
            .served = backend_.served(),
            .backend = settings_.backend,
            .socket = directory_.socket()};
  last_busy_ = Clock::now();
  return write_state(directory_, state_);
}

int ServerLife::run(const StopSignals& signals) {
  while (true) {
    stopped_by_signal_ = signals.wait(nap()) != 0;
    const Stay decision = look();
    if (decision == Stay::kStay || (decision == Stay::kRetire && !retire())) continue;
    return end(decision, signals);
  }
}

milliseconds ServerLife::nap() const {
  // Without a linger the last client's leaving is to be noticed soon; with one, it makes no difference.
  constexpr milliseconds kShort(50);
  constexpr milliseconds kLong(250);
  return has_clients_ && settings_.linger < kLong ? kShort : kLong;
}

Stay ServerLife::look() {
  // First: what stands at a lost directory's path may be another server's, even when a signal ends this one.
  if (!directory_is_ours()) return Stay::kLost;
  if (stopped_by_signal_) return Stay::kStopped;
  if (!backend_.healthy()) return Stay::kBackendDied;
  bound_log(STDERR_FILENO, directory_.log());
  publish();

  has_clients_ = anybody_there();
  const bool asked = is_retirement_requested(directory_);
  const auto idle = std::chrono::duration_cast<milliseconds>(Clock::now() - last_busy_);
  if (has_clients_) last_busy_ = Clock::now();
  const bool due = !has_clients_ && (asked || idle >= settings_.linger);
  if (due && prune_pins(directory_, idle) == 0) return Stay::kRetire;
  if (asked) answer_retirement_request(directory_);
  return Stay::kStay;
}

bool ServerLife::anybody_there() const {
  const auto clients = observe_lock(clients_, directory_.clients_lock());
  return !clients || clients->has_value();  // cannot look: then as if there were
}

/// False once somebody deleted or replaced what other processes find us by: then they start another server,
/// whose files must stay.
bool ServerLife::directory_is_ours() const {
  return alive_->file().is_still_at_its_path() &&
         FileIdentity::of(directory_.path()) == directory_identity_ &&
         FileIdentity::of(directory_.clients_lock()) == clients_identity_ &&
         ::access(directory_.socket().c_str(), F_OK) == 0;
}

void ServerLife::publish() {
  const std::uint64_t served = backend_.served();
  if (served != state_.served) last_busy_ = Clock::now();
  if (served == state_.served && has_state(directory_)) return;
  state_.served = served;
  if (const Status written = write_state(directory_, state_); !written) log_line(written.error().message);
}

void ServerLife::remove_files() const {
  ::unlink(directory_.uncounted_socket().c_str());
  ::unlink(directory_.socket().c_str());
}

/// True if nobody was there and the server has ended. The order of the releases is that of lock_order.h.
bool ServerLife::retire() {
  auto nobody = try_exclude_clients(directory_);
  if (!nobody || !*nobody) return false;
  auto start = try_start(**nobody, directory_);
  if (!start || !*start) return false;
  // Pins come from clients: with those kept out, this look is final. The one before saved taking the locks.
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

/// Nobody finds this server any more, but whoever has its answer still reads the mirror. Clients of hours (`pump make`)
/// are not waited for that long.
void ServerLife::wait_for_last_clients(const StopSignals& signals) const {
  constexpr std::chrono::seconds kMost(5);
  constexpr milliseconds kStep(50);
  const Clock::time_point end = Clock::now() + kMost;
  while (anybody_there() && Clock::now() < end && signals.wait(kStep) == 0) continue;
}

int ServerLife::end(Stay reason, const StopSignals& signals) {
  if (reason == Stay::kRetire) {
    log_line("retired");
    return 0;
  }
  if (reason == Stay::kLost) {
    log_line("the session's directory was deleted or replaced; stopping");
    if (!stopped_by_signal_) wait_for_last_clients(signals);
    backend_.stop();
    return 1;
  }
  backend_.stop();
  remove_files();
  if (reason == Stay::kBackendDied) {
    // The state file stays: it tells the next start that this was a crash.
    log_line("the include server died");
    return 1;
  }
  ::unlink(directory_.state().c_str());
  log_line("stopped by a signal");
  return 0;
}

int fail_to_start(ReadyPipe& ready, const Error& error) {
  log_line(error.message);
  ready.tell(fmt::format("{}{}\n", kReadyError, error.message));
  return 1;
}

}  // namespace

int serve(const Directory& directory, const Settings& settings, Backend& backend, int ready_fd) {
  const StopSignals signals;
  ReadyPipe ready(ready_fd);
  ::prctl(PR_SET_NAME, "pump-server");  // started as /proc/self/exe, it would be called "exe"
  ::umask(077);
  auto alive = try_be_the_server(directory);
  if (!alive) return fail_to_start(ready, alive.error());
  if (!*alive) {
    ready.tell(kReadyBusy);
    return 1;
  }
  ServerLife life(directory, settings, backend, *std::move(*alive));
  if (const Status started = life.start(); !started) {
    backend.stop();
    return fail_to_start(ready, started.error());
  }
  log_line(fmt::format("ready, backend {}, linger {} ms", settings.backend, settings.linger.count()));
  ready.tell(kReadyOk);
  return life.run(signals);
}

}  // namespace pump::session
