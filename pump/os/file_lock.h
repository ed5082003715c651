// An open lock file: Boost.Interprocess' file_lock, made safe against what it leaves to its user.
//
// Its locks are fcntl locks. The kernel frees them when the process ends in any way; they survive execve
// where their descriptors do; children do not inherit them; and closing ANY descriptor of the file, by
// whatever part of the process, drops them. Hence:
//   - one FileLock per file and process: a second one is an Error (EBUSY), not a silent loss;
//   - no descriptor of a lock file is opened and closed anywhere else in a process that may hold the lock;
//   - lock files are never unlinked or replaced: that splits the lock in two.
// Boost opens without O_CLOEXEC; here both descriptors (Boost's and ours) get FD_CLOEXEC, until
// keep_across_exec().
//
// Waiting is by polling, so that every wait has an end: a stopped process may hold a lock for hours.
// Observing is by F_GETLK, which takes nothing and so never makes another process's try fail. Callers use the
// names and the order in pump/session/lock_order.h, not this. Any thread, one at a time per object.
#pragma once

#include <sys/stat.h>
#include <sys/types.h>

#include <boost/interprocess/sync/file_lock.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "pump/os/error.h"
#include "pump/os/unique_fd.h"

namespace pump::os {

enum class LockMode { kShared, kExclusive };

/// The strongest lock that others hold on a file, as one of possibly many holders.
struct LockHolder {
  LockMode mode;
  pid_t pid;  ///< 0 where it lives in a PID namespace we cannot see
};

/// What other processes hold on `path` now. Missing file: nobody. Must not be called by a process with a
/// FileLock on it: the close at the end would drop that lock.
Expected<std::optional<LockHolder>> observe_lock(const std::string& path);

/// The same through a descriptor that stays open, whatever becomes of the name; `path` is for errors.
Expected<std::optional<LockHolder>> observe_lock(const UniqueFd& fd, const std::string& path);

class FileLock {
 public:
  /// Creates the file (0600) where it is missing. Errors: ENOENT (directory gone), EROFS, EACCES, EBUSY …
  static Expected<std::unique_ptr<FileLock>> open(const std::string& path);
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;
  ~FileLock();

  /// False where another process's lock is in the way. ENOLCK and the like are Errors.
  Expected<bool> try_lock(LockMode mode);
  /// try_lock until it works; after `patience` an Error with ETIMEDOUT.
  Status lock(LockMode mode, std::chrono::milliseconds patience);
  Status unlock();
  /// What the others hold.
  [[nodiscard]] Expected<std::optional<LockHolder>> observe() const;
  /// False once the path names another file, or none: someone deletes what we lock.
  [[nodiscard]] bool is_still_at_its_path() const;
  /// Lets the descriptors, and with them the lock, survive execve.
  Status keep_across_exec();

 private:
  FileLock(std::string path, UniqueFd fd, const struct stat& identity);

  std::string path_;
  UniqueFd fd_;  ///< ours: for creation, checks and observing
  dev_t device_;
  ino_t inode_;
  int boost_fd_ = -1;
  boost::interprocess::file_lock lock_;
};

}  // namespace pump::os
