// Starting and waiting for other processes. The only file pair that forks.
//
// A Child owns its process: dropped while the process still runs, it is left running (and reaped by nobody),
// so every caller either waits or detaches on purpose. Any thread may call; but one Child belongs to one
// thread, and die_with_parent means the death of the calling thread.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "pump/os/environment.h"
#include "pump/os/error.h"

namespace pump::os {

struct SpawnOptions {
  std::string program;                     ///< a path; no PATH search (see find_program)
  std::vector<std::string> argv;           ///< argv[0] included
  std::optional<Environment> environment;  ///< unset: ours
  std::string directory;                   ///< chdir there first; empty: stay
  /// (ours, theirs): descriptor `ours` becomes descriptor `theirs` in the child.
  std::vector<std::pair<int, int>> descriptors;
  /// Close everything but 0, 1, 2 and the `theirs` above. false: descriptors without O_CLOEXEC pass, as a
  /// shell does.
  bool close_others = false;
  bool new_session = false;   ///< setsid()
  bool reset_signals = true;  ///< every disposition default, empty mask
  /// Signals that this process has handlers for, where the caller knows them all; unset: each signal is asked
  /// for.
  std::optional<std::vector<int>> handled_signals;
  bool die_with_parent = false;  ///< PR_SET_PDEATHSIG SIGTERM
};

/// How a process ended.
struct ExitStatus {
  int code = 0;    ///< exit code, where signal is 0
  int signal = 0;  ///< the signal that ended it, or 0
  /// The shell's number: code, or 128 + signal.
  [[nodiscard]] int shell_code() const { return signal != 0 ? 128 + signal : code; }
  [[nodiscard]] bool success() const { return signal == 0 && code == 0; }
};

class Child {
 public:
  explicit Child(pid_t pid) : pid_(pid) {}
  Child(Child&& other) noexcept : pid_(std::exchange(other.pid_, -1)) {}
  Child& operator=(Child&& other) noexcept {
    pid_ = std::exchange(other.pid_, -1);
    return *this;
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  [[nodiscard]] pid_t pid() const { return pid_; }
  /// Waits for the end; EINTR is retried.
  Expected<ExitStatus> wait();
  /// The status if it has ended by `deadline`, else nothing (still running, still owned).
  Expected<std::optional<ExitStatus>> wait_for(std::chrono::milliseconds patience);
  Status signal(int number) const;

 private:
  pid_t pid_;
};

/// Starts a process. An execve failure is reported here, as an Error with its errno (ENOENT, EACCES …).
Expected<Child> spawn(const SpawnOptions& options);
/// The same, as a child of nobody: init (or the nearest subreaper) adopts and reaps it, so that it is never a
/// zombie of ours. The pid is for messages; wait for it through a pipe or a lock. `die_with_parent` makes no
/// sense here.
Expected<pid_t> spawn_orphan(const SpawnOptions& options);

struct Captured {
  ExitStatus status;
  std::string out;
  std::string err;
};
/// Runs a program to its end with stdin from /dev/null and collects at most `limit` bytes of each output.
/// After `patience` it is killed and an Error with ETIMEDOUT is returned. Any thread.
Expected<Captured> run(SpawnOptions options, std::chrono::milliseconds patience,
                       std::size_t limit = 64U << 20U);

/// The first executable regular file called `name` on `path` (a PATH value; relative entries start at `cwd`),
/// or `name` itself, unchecked, where it holds a slash: spawn() then tells a missing program from one that
/// may not run.
std::optional<std::string> find_program(std::string_view name, std::string_view path,
                                        std::string_view cwd = {});
/// True for a regular file that this process may execute.
bool is_executable_file(const std::string& path);

}  // namespace pump::os
