// Starts other processes and waits for them. No other file forks.
//
// Any thread may start processes. A Child belongs to one thread; die_with_parent means the death of the
// thread that started it. A Child that is destroyed while its process runs leaves it running, and the process
// is never reaped: wait for it, or use spawn_orphan().
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
  std::string program;                     ///< a path; PATH is not searched (see find_program)
  std::vector<std::string> argv;           ///< argv[0] included
  std::optional<Environment> environment;  ///< unset: this process's
  std::string directory;                   ///< to start in; empty: the current one
  /// Pairs (ours, theirs): descriptor `ours` of this process is `theirs` in the child.
  std::vector<std::pair<int, int>> descriptors;
  /// Closes everything in the child but 0, 1, 2 and each `theirs`. false: it inherits descriptors without
  /// O_CLOEXEC, as from a shell.
  bool close_others = false;
  bool new_session = false;   ///< setsid()
  bool reset_signals = true;  ///< default dispositions and an empty mask in the child
  /// Without reset_signals: all signals that have a handler in this process, to save a system call for each
  /// other one. Unset: not known.
  std::optional<std::vector<int>> handled_signals;
  bool die_with_parent = false;  ///< PR_SET_PDEATHSIG SIGTERM
};

/// How a process ended.
struct ExitStatus {
  int code = 0;    ///< exit code, if `signal` is 0
  int signal = 0;  ///< the signal that ended it, or 0
  /// The shell's $?: code, or 128 + signal.
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
  /// Waits for the end of the process and reaps it.
  Expected<ExitStatus> wait();
  /// As wait(), but for at most `patience`. Nothing: the process still runs.
  Expected<std::optional<ExitStatus>> wait_for(std::chrono::milliseconds patience);
  Status signal(int number) const;

 private:
  pid_t pid_;
};

/// Starts a process. A failed execve is an Error with its errno (ENOENT, EACCES …).
Expected<Child> spawn(const SpawnOptions& options);
/// Starts a process that is not a child of this one: init, or the nearest subreaper, adopts and reaps it. Use
/// the pid for messages only; wait through a pipe or a lock. `die_with_parent` has no useful meaning here.
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

/// The first executable regular file `name` on `path`, a PATH value; relative entries start at `cwd`, or at
/// the working directory if that is empty. A `name` with a slash is returned unchecked: spawn() then reports
/// what is wrong with it.
std::optional<std::string> find_program(std::string_view name, std::string_view path,
                                        std::string_view cwd = {});
/// True for a regular file that this process may execute.
bool is_executable_file(const std::string& path);

}  // namespace pump::os
