// A signal does not show whether it was sent to pump alone or to its whole group: kill(2) fills in the same
// siginfo for both, and the kernel's SIGHUP to a session leader looks like the terminal's SIGHUP to the
// foreground group. So a canary (canary.h) runs in the group: a signal that killed it was sent to the group.
// COMMAND must not get a signal twice: GNU make, for example, exits at once at the second SIGINT and leaves
// half-written targets. Rejected: a process group for COMMAND (pump would have to hand over the terminal and
// take it back, and `kill -- -PGID` of a CI system would miss the build); forwarding by si_code alone, which
// does not differ.
#include "pump/cli/foreground.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>

#include "pump/cli/canary.h"
#include "pump/os/unique_fd.h"

namespace pump::cli {
namespace {

using std::chrono::milliseconds;

constexpr std::array kForwarded{SIGINT, SIGTERM, SIGHUP, SIGQUIT};

/// The handler writes signal numbers into this pipe. Global, because handlers are.
int handler_pipe = -1;

void note_signal(int number) {
  const int saved = errno;
  const auto byte = static_cast<unsigned char>(number);
  [[maybe_unused]] const ssize_t written = ::write(handler_pipe, &byte, 1);
  errno = saved;
}

/// Installs handlers for the forwarded signals and SIGCHLD; its destructor restores the previous ones.
class SignalWatch {
 public:
  static Expected<SignalWatch> install() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) != 0) return fail_errno("cannot make a pipe");
    return SignalWatch(os::UniqueFd(ends[0]), os::UniqueFd(ends[1]));
  }
  SignalWatch(SignalWatch&& other) noexcept
      : reader_(std::move(other.reader_)), writer_(std::move(other.writer_)), old_(other.old_) {}
  SignalWatch& operator=(SignalWatch&&) = delete;
  ~SignalWatch() {
    if (!writer_) return;
    for (std::size_t i = 0; i < old_.size(); ++i) ::sigaction(watched(i), &old_[i], nullptr);
    handler_pipe = -1;
  }
  /// Waits for signals; returns their numbers, one per byte.
  [[nodiscard]] std::string wait() const {
    pollfd entry{.fd = reader_.get(), .events = POLLIN, .revents = 0};
    ::poll(&entry, 1, -1);
    std::array<char, 64> numbers{};
    const ssize_t got = ::read(reader_.get(), numbers.data(), numbers.size());
    return {numbers.data(), got > 0 ? static_cast<std::size_t>(got) : 0};
  }

 private:
  SignalWatch(os::UniqueFd reader, os::UniqueFd writer)
      : reader_(std::move(reader)), writer_(std::move(writer)) {
    handler_pipe = writer_.get();
    struct sigaction action {};
    action.sa_handler = note_signal;
    action.sa_flags = SA_RESTART;
    for (std::size_t i = 0; i < old_.size(); ++i) {
      ::sigaction(watched(i), nullptr, &old_[i]);
      if (old_[i].sa_handler == SIG_IGN && watched(i) != SIGCHLD) continue;
      ::sigaction(watched(i), &action, nullptr);
    }
    sigset_t child;
    ::sigemptyset(&child);
    ::sigaddset(&child, SIGCHLD);
    ::sigprocmask(SIG_UNBLOCK, &child, nullptr);
  }
  static int watched(std::size_t i) { return i < kForwarded.size() ? kForwarded[i] : SIGCHLD; }

  os::UniqueFd reader_, writer_;
  std::array<struct sigaction, kForwarded.size() + 1> old_{};
};

}  // namespace

Expected<ForegroundResult> run_in_foreground(const os::SpawnOptions& options) {
  PUMP_TRY(const SignalWatch watch, SignalWatch::install());
  Canary canary;
  PUMP_TRY(os::Child child, os::spawn(options));
  ForegroundResult result;
  while (true) {
    const std::string numbers = watch.wait();
    PUMP_TRY(const std::optional<os::ExitStatus> ended, child.wait_for(milliseconds::zero()));
    for (const char number : numbers)
      if (number != SIGCHLD) result.received = static_cast<unsigned char>(number);
    if (ended) {
      result.status = *ended;
      return result;
    }
    for (const char number : numbers)
      if (number != SIGCHLD && !canary.died_of(number)) static_cast<void>(child.signal(number));
  }
}

void die_by_signal(int number) {
  const rlimit no_core{.rlim_cur = 0, .rlim_max = 0};
  ::setrlimit(RLIMIT_CORE, &no_core);  // SIGQUIT: COMMAND may dump core, pump does not
  ::signal(number, SIG_DFL);
  sigset_t set;
  ::sigemptyset(&set);
  ::sigaddset(&set, number);
  ::raise(number);
  ::sigprocmask(SIG_UNBLOCK, &set, nullptr);
  ::_exit(128 + number);
}

}  // namespace pump::cli
