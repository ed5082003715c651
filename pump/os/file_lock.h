// A lock file. It uses Boost.Interprocess' file_lock, with fcntl(2) locks.
//
// The kernel frees such locks when the process ends. They survive execve if their descriptors do. Children do
// not inherit them. Closing ANY descriptor of the file, in any part of the process, drops them. Therefore:
//   - A process has one FileLock per file. A second one is an Error (EBUSY) instead of a silent loss.
//   - A process that may hold the lock must not open and close the lock file in any other way.
//   - Lock files are never unlinked or replaced: then two processes could hold "the" lock.
// Boost opens without O_CLOEXEC. Here both descriptors (Boost's and the other) have FD_CLOEXEC until
// keep_across_exec().
//
// Waiting is by polling, so every wait can end: a stopped process may hold a lock for hours. Observing uses
// F_GETLK, which takes no lock, so it never makes another process fail. Sessions use the locks through
// lock_order.h in pump/session. Any thread, one at a time per object.
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

/// One of the processes that hold the strongest lock on a file.
struct LockHolder {
  LockMode mode;
  pid_t pid;  ///< 0 if it is in a PID namespace that is not visible here
};

/// The lock that another process has on `path` now; nothing if there is none, or no file. A process that has
/// a FileLock on it must not call this: it would drop the lock.
Expected<std::optional<LockHolder>> observe_lock(const std::string& path);

/// Observes through a descriptor, which stays open, so that no lock is dropped. `path` is for messages.
Expected<std::optional<LockHolder>> observe_lock(const UniqueFd& fd, const std::string& path);

class FileLock {
 public:
  /// Creates the file (0600) if it is missing. Errors: ENOENT (no directory), EROFS, EACCES, EBUSY …
  static Expected<std::unique_ptr<FileLock>> open(const std::string& path);
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;
  ~FileLock();

  /// False if another process holds the lock. Other failures, such as ENOLCK, are Errors.
  Expected<bool> try_lock(LockMode mode);
  /// Repeats try_lock(). After `patience`, an Error with ETIMEDOUT.
  Status lock(LockMode mode, std::chrono::milliseconds patience);
  Status unlock();
  /// The lock that another process has; nothing if there is none.
  [[nodiscard]] Expected<std::optional<LockHolder>> observe() const;
  /// False if the path now names another file, or none.
  [[nodiscard]] bool is_still_at_its_path() const;
  /// Lets the descriptors, and with them the lock, survive execve.
  Status keep_across_exec();

 private:
  FileLock(std::string path, UniqueFd fd, const struct stat& identity);

  std::string path_;
  UniqueFd fd_;  ///< for creation, checks and observing
  dev_t device_;
  ino_t inode_;
  int boost_fd_ = -1;
  boost::interprocess::file_lock lock_;
};

}  // namespace pump::os
