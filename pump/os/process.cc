// Starting processes: vfork, a few system calls, execve.
//
// Rejected: fork, because a launcher starts once per translation unit, and copying the page tables would cost
// more than everything else in it; posix_spawn, because in glibc 2.36 it cannot close other descriptors,
// cannot set the parent death signal, and does not report which step failed.
//
// The child uses the parent's memory until execve. So it allocates nothing, takes no lock, and blocks all
// signals, because handlers of the parent would run in it. It reports failures through a pipe and not through
// the shared memory: with a sanitizer, vfork is fork.
#include "pump/os/process.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstring>
#include <thread>

#include "pump/os/unique_fd.h"

namespace pump::os {
namespace {

enum class Stage : int { kStarted, kFork, kDescriptors, kDirectory, kProgram };

/// What the child (or the intermediate process) writes into the pipe. A child that becomes the program writes
/// nothing.
struct Report {
  Stage stage = Stage::kStarted;
  int code = 0;
  pid_t pid = 0;  ///< of the orphan, if kStarted
};

/// What the child needs, prepared before vfork.
struct Plan {
  explicit Plan(const SpawnOptions& chosen) : options(chosen) {}

  const SpawnOptions& options;
  std::vector<char*> argv;
  std::vector<char*> envp;
  std::vector<int> sources;  ///< sorted `ours` of the mappings, and a slot for the pipe
  std::vector<int> moved;    ///< room for one temporary descriptor per mapping
  std::vector<int> kept;     ///< sorted descriptors that close_others keeps open, and a slot for the pipe
  int first_free = 3;        ///< above every `theirs`
  int report_fd = -1;
  pid_t parent = 0;
  sigset_t original_mask{};
};

Plan make_plan(const SpawnOptions& options) {
  Plan plan(options);
  for (const std::string& argument : options.argv) plan.argv.push_back(const_cast<char*>(argument.c_str()));
  plan.argv.push_back(nullptr);
  if (options.environment) plan.envp = options.environment->pointers();
  plan.moved.resize(options.descriptors.size());
  for (const auto& [ours, theirs] : options.descriptors) {
    plan.first_free = std::max(plan.first_free, theirs + 1);
    if (theirs > STDERR_FILENO) plan.kept.push_back(theirs);
    plan.sources.push_back(ours);
  }
  plan.sources.push_back(-1);
  std::sort(plan.kept.begin(), plan.kept.end());
  plan.kept.push_back(-1);  // the slot for the pipe, whose number will be above the others
  plan.parent = ::getpid();
  return plan;
}

// ---- In the child: system calls only, no allocation. ----

[[noreturn]] void give_up(const Plan& plan, Stage stage) {
  const Report report{stage, errno, 0};
  [[maybe_unused]] const ssize_t written = ::write(plan.report_fd, &report, sizeof report);
  ::_exit(127);
}

/// Moves each descriptor above all targets, then to its target. So any permutation works.
void arrange_descriptors(Plan& plan) {
  const auto& mappings = plan.options.descriptors;
  if (plan.report_fd < plan.first_free) {
    const int moved = ::fcntl(plan.report_fd, F_DUPFD_CLOEXEC, plan.first_free);
    if (moved < 0) give_up(plan, Stage::kDescriptors);
    plan.report_fd = moved;
  }
  for (std::size_t i = 0; i < mappings.size(); ++i) {
    plan.moved[i] = ::fcntl(mappings[i].first, F_DUPFD_CLOEXEC, plan.first_free);
    if (plan.moved[i] < 0) give_up(plan, Stage::kDescriptors);
  }
  for (std::size_t i = 0; i < mappings.size(); ++i)
    if (::dup2(plan.moved[i], mappings[i].second) < 0) give_up(plan, Stage::kDescriptors);
}

void close_range_of(unsigned first, unsigned last) {
  if (first > last || ::syscall(SYS_close_range, first, last, 0U) == 0) return;
  // Linux before 5.9. Descriptors above a lowered RLIMIT_NOFILE stay open; pump has none.
  const long limit = ::sysconf(_SC_OPEN_MAX);
  const unsigned end = limit > 0 ? static_cast<unsigned>(limit) : 1024U;
  for (unsigned fd = first; fd <= last && fd < end; ++fd) ::close(static_cast<int>(fd));
}

/// Closes all descriptors above stderr except `spared`, which is sorted.
void close_all_but(const std::vector<int>& spared) {
  unsigned next = STDERR_FILENO + 1;
  for (const int fd : spared) {
    if (fd <= STDERR_FILENO) continue;
    const auto number = static_cast<unsigned>(fd);
    if (number > next) close_range_of(next, number - 1);
    next = std::max(next, number + 1);
  }
  close_range_of(next, ~0U);
}

/// Closes all but the sources of mappings. This comes before arrange_descriptors(), which needs free numbers.
void close_unmapped_descriptors(Plan& plan) {
  plan.sources.back() = plan.report_fd;
  std::sort(plan.sources.begin(), plan.sources.end());
  close_all_but(plan.sources);
}

/// Closes all but the targets of mappings.
void close_other_descriptors(Plan& plan) {
  plan.kept.back() = plan.report_fd;
  close_all_but(plan.kept);
}

void reset_signals() {
  struct sigaction action {};
  action.sa_handler = SIG_DFL;
  for (int number = 1; number < NSIG; ++number) ::sigaction(number, &action, nullptr);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

void drop_handler(int number) {
  struct sigaction action {};
  if (::sigaction(number, nullptr, &action) != 0 || action.sa_handler == SIG_DFL ||
      action.sa_handler == SIG_IGN)
    return;
  action = {};
  action.sa_handler = SIG_DFL;
  ::sigaction(number, &action, nullptr);
}

/// The program does not inherit handlers, but until execve they would run on the parent's memory.
void drop_handlers(const Plan& plan) {
  if (plan.options.handled_signals) {
    for (const int number : *plan.options.handled_signals) drop_handler(number);
  } else {
    for (int number = 1; number < NSIG; ++number) drop_handler(number);
  }
  ::sigprocmask(SIG_SETMASK, &plan.original_mask, nullptr);
}

/// AddressSanitizer keeps records about the stack, and a child that shares the stack breaks them: fork there.
#if defined(__SANITIZE_ADDRESS__)
#define PUMP_FORK ::fork
#else
#define PUMP_FORK ::vfork
#endif

[[noreturn]] void become_program(Plan& plan) {
  const SpawnOptions& options = plan.options;
  if (options.new_session) ::setsid();
  if (options.close_others) close_unmapped_descriptors(plan);
  arrange_descriptors(plan);
  if (options.close_others) close_other_descriptors(plan);
  if (!options.directory.empty() && ::chdir(options.directory.c_str()) != 0) give_up(plan, Stage::kDirectory);
  if (options.die_with_parent) {
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (::getppid() != plan.parent) ::_exit(128 + SIGTERM);  // the parent died before the line above
  }
  if (options.reset_signals)
    reset_signals();
  else
    drop_handlers(plan);
  ::execve(options.program.c_str(), plan.argv.data(), options.environment ? plan.envp.data() : environ);
  give_up(plan, Stage::kProgram);
}

/// Starts the program, reports its pid and exits. init or a subreaper adopts the program.
[[noreturn]] void become_intermediate(Plan& plan) {
  plan.parent = ::getpid();
  const int report_fd = plan.report_fd;  // the child below shares this memory and changes plan.report_fd
  const pid_t pid = PUMP_FORK();
  if (pid == 0) become_program(plan);
  if (pid < 0) give_up(plan, Stage::kFork);
  const Report report{Stage::kStarted, 0, pid};
  [[maybe_unused]] const ssize_t written = ::write(report_fd, &report, sizeof report);
  ::_exit(0);
}

// ---- In the parent. ----

pid_t start(Plan& plan, bool orphan) {
  sigset_t all;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &plan.original_mask);
  const pid_t pid = PUMP_FORK();
  if (pid == 0) {
    if (orphan) become_intermediate(plan);
    become_program(plan);
  }
  const int code = errno;
  ::pthread_sigmask(SIG_SETMASK, &plan.original_mask, nullptr);
  errno = code;
  return pid;
}

/// Reads to the end of the pipe, which execve closes. Returns the failure, if any, else the last report.
Report read_report(int fd) {
  Report result;
  while (true) {
    Report report;
    const ssize_t got = ::read(fd, &report, sizeof report);
    if (got < 0 && errno == EINTR) continue;
    if (got != static_cast<ssize_t>(sizeof report)) return result;
    if (result.stage == Stage::kStarted) result = report;
  }
}

tl::unexpected<Error> explain(const Report& report, const SpawnOptions& options) {
  if (report.stage == Stage::kDirectory)
    return fail_errno("cannot change to " + options.directory, report.code);
  if (report.stage == Stage::kDescriptors)
    return fail_errno("cannot pass descriptors to " + options.program, report.code);
  return fail_errno("cannot run " + options.program, report.code);
}

struct Started {
  pid_t pid;
  Report report;
};

Expected<Started> start_and_read_report(const SpawnOptions& options, bool orphan) {
  Plan plan = make_plan(options);
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return fail_errno("cannot run " + options.program);
  const UniqueFd reader(ends[0]);
  UniqueFd writer(ends[1]);
  plan.report_fd = writer.get();
  const pid_t pid = start(plan, orphan);
  if (pid < 0) return fail_errno("cannot run " + options.program);
  writer.reset();
  const Report report = read_report(reader.get());
  return Started{pid, report};
}

// ---- Waiting for a child. ----

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

ExitStatus decode(int status) {
  if (WIFSIGNALED(status)) return {.code = 0, .signal = WTERMSIG(status)};
  return {.code = WEXITSTATUS(status), .signal = 0};
}

/// waitpid(2), repeated after EINTR. 0: the child still runs, and `flags` has WNOHANG.
pid_t reap(pid_t pid, int& status, int flags) {
  pid_t result = 0;
  while ((result = ::waitpid(pid, &status, flags)) < 0 && errno == EINTR) continue;
  return result;
}

/// Sleeps until the child may have ended, for at most `patience`. With a pidfd that is one poll; kernels
/// before 5.3 have none, so the sleeps are short.
void sleep_for_child(int pid_fd, milliseconds patience) {
  if (pid_fd < 0) return std::this_thread::sleep_for(std::min(patience, milliseconds(5)));
  pollfd entry{.fd = pid_fd, .events = POLLIN, .revents = 0};
  constexpr milliseconds kLongest(60'000);  // poll takes an int; wait_for() calls again
  ::poll(&entry, 1, static_cast<int>(std::min(patience, kLongest).count()));
}

}  // namespace

Expected<Child> spawn(const SpawnOptions& options) {
  PUMP_TRY(const Started started, start_and_read_report(options, false));
  Child child(started.pid);
  if (started.report.stage == Stage::kStarted) return child;
  (void)child.wait();
  return explain(started.report, options);
}

Expected<pid_t> spawn_orphan(const SpawnOptions& options) {
  PUMP_TRY(const Started started, start_and_read_report(options, true));
  (void)Child(started.pid).wait();
  if (started.report.stage != Stage::kStarted) return explain(started.report, options);
  if (started.report.pid == 0) return fail("cannot run " + options.program + ": killed while starting");
  return started.report.pid;
}

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
    sleep_for_child(pid_fd.get(), left);
  }
}

Status Child::signal(int number) const {
  if (pid_ <= 0) return fail("no child to signal", ESRCH);
  if (::kill(pid_, number) != 0) return fail_errno("cannot signal process " + std::to_string(pid_));
  return {};
}

}  // namespace pump::os
