// Waiting for a child. A pidfd makes the wait with a deadline one poll; kernels before 5.3 get a loop of
// short sleeps.
#include <poll.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <thread>

#include "pump/os/process.h"
#include "pump/os/unique_fd.h"

namespace pump::os {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

ExitStatus decode(int status) {
  if (WIFSIGNALED(status)) return {.code = 0, .signal = WTERMSIG(status)};
  return {.code = WEXITSTATUS(status), .signal = 0};
}

/// waitpid without EINTR: 0 where the child still runs and `flags` has WNOHANG.
pid_t reap(pid_t pid, int& status, int flags) {
  pid_t result = 0;
  while ((result = ::waitpid(pid, &status, flags)) < 0 && errno == EINTR) continue;
  return result;
}

/// Sleeps until the child may have ended, for at most `patience`.
void doze(int pid_fd, milliseconds patience) {
  if (pid_fd < 0) return std::this_thread::sleep_for(std::min(patience, milliseconds(5)));
  pollfd entry{.fd = pid_fd, .events = POLLIN, .revents = 0};
  constexpr milliseconds kLongest(60'000);  // poll takes an int; the caller's loop comes back
  ::poll(&entry, 1, static_cast<int>(std::min(patience, kLongest).count()));
}

}  // namespace

Expected<ExitStatus> Child::wait() {
  if (pid_ <= 0) return fail("no child to wait for", ECHILD);
#ifdef __SANITIZE_THREAD__
  // ThreadSanitizer runs no signal handler while waitpid blocks; in poll it does.
  while (true) {
    PUMP_TRY(const std::optional<ExitStatus> ended, wait_for(std::chrono::minutes(1)));
    if (ended) return *ended;
  }
#endif
  int status = 0;
  if (reap(pid_, status, 0) < 0) return fail_errno("cannot wait for process " + std::to_string(pid_));
  pid_ = -1;
  return decode(status);
}

Expected<std::optional<ExitStatus>> Child::wait_for(milliseconds patience) {
  if (pid_ <= 0) return fail("no child to wait for", ECHILD);
  const Clock::time_point deadline = Clock::now() + patience;
  UniqueFd pid_fd;
  while (true) {
    int status = 0;
    const pid_t reaped = reap(pid_, status, WNOHANG);
    if (reaped < 0) return fail_errno("cannot wait for process " + std::to_string(pid_));
    if (reaped > 0) {
      pid_ = -1;
      return decode(status);
    }
    const auto left = std::chrono::ceil<milliseconds>(deadline - Clock::now());
    if (left <= milliseconds::zero()) return std::nullopt;
    if (!pid_fd) pid_fd.reset(static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0U)));
    doze(pid_fd.get(), left);
  }
}

Status Child::signal(int number) const {
  if (pid_ <= 0) return fail("no child to signal", ESRCH);
  if (::kill(pid_, number) != 0) return fail_errno("cannot signal process " + std::to_string(pid_));
  return {};
}

}  // namespace pump::os
