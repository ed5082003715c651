// The file of the local slots. A lock is an fcntl lock on one of its bytes; what a byte means is up to
// local_slot.cc.
//
// Closing ANY descriptor of the file drops all locks of this process on it, also if execve closes it.
// Therefore a process opens the file once and has one descriptor of it: keep() leaves it open for the
// programs that the process executes. The descriptor gets a high number, because shell scripts use low ones
// (`exec 3>…` would close the file).
//
// Rejected: a file per slot, which costs up to as many opens as there are slots; flock, whose locks
// children inherit, so that a background process would keep a slot. The file is never removed: then two
// files could hold "the" slot. It is opened in a directory that only this user can change. Main thread.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>

#include "pump/os/error.h"
#include "pump/os/unique_fd.h"

namespace pump::launcher {

class SlotLocks {
 public:
  /// Creates the file (0600) if it is missing. `may_have_locks`: this process may have locks on it from
  /// before it executed pump-launch; then the descriptor keeps its low number, because moving it would drop
  /// them.
  static Expected<SlotLocks> open(const std::string& path, bool may_have_locks);

  /// False: another process has the lock. Error: locks do not work here.
  [[nodiscard]] Expected<bool> try_lock(off_t byte) const;
  /// Waits for the lock. Error: EINTR after a signal; or locks do not work here.
  [[nodiscard]] Status lock(off_t byte) const;
  void unlock(off_t byte) const;
  /// The other process that has the lock: 0 if it is in a PID namespace that is not visible here. Nothing:
  /// there is none.
  [[nodiscard]] std::optional<pid_t> holder(off_t byte) const;
  /// Keeps the locks until the end of this process, also across execve.
  void keep();

 private:
  explicit SlotLocks(os::UniqueFd file) : file_(std::move(file)) {}
  os::UniqueFd file_;
};

}  // namespace pump::launcher
