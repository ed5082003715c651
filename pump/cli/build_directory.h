// The directory of one build, below the session's. $INCLUDE_SERVER_DIR and $INCLUDE_SERVER_PORT point to it.
//
//   builds/lock                        held while a build directory is made or leftovers are removed
//   builds/XXXXXX/socket               a link to the session's socket; connect(2) follows it
//   builds/XXXXXX/discrepancy_counter  written by distcc: one byte for each compilation that failed remotely
//                                      but succeeded here
//   builds/XXXXXX/owner.lock           locked by the `pump COMMAND` that owns the directory
//   builds/XXXXXX/startup              in place of an owner: the pin of the `pump --startup` that owns it
//
// distcc keeps the counter beside the socket and stops using pump mode when it reaches
// DISTCC_MAX_DISCREPANCY. With one directory per build, a build is not affected by the discrepancies of
// another.
//
// Main thread. A process loses the lock if it opens and closes the lock file elsewhere (see
// pump/os/file_lock.h).
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "pump/os/error.h"
#include "pump/os/file_lock.h"
#include "pump/session/session.h"

namespace pump::cli {

/// What --startup leaves for --shutdown.
struct StartupRecord {
  std::string session_directory;
  std::string pin;
};

class BuildDirectory {
 public:
  /// Makes a directory that this process owns, and removes those whose owner was killed. Error: which file
  /// could not be made.
  static Expected<BuildDirectory> create(const session::Directory& session,
                                         const session::Settings& settings);
  BuildDirectory(BuildDirectory&&) noexcept;
  BuildDirectory& operator=(BuildDirectory&&) = delete;
  /// Removes the directory, unless leave_to() was called.
  ~BuildDirectory();

  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] std::string socket() const { return path_ + "/socket"; }
  /// Makes the pin the owner: the directory outlives this object.
  Status leave_to(const StartupRecord& record);

 private:
  BuildDirectory(std::string path, std::unique_ptr<os::FileLock> owner);
  std::string path_;
  std::unique_ptr<os::FileLock> owner_;  ///< null if the file system has no locks
  bool kept_ = false;
};

/// Reads what `pump --startup` left in the build directory `path`. Errors: ENOENT if the directory is gone;
/// other codes if it belongs to another user, was not made by --startup, or is damaged.
Expected<StartupRecord> read_startup_record(const std::string& path);

/// Number of compilations that failed remotely but succeeded here, for the build directory `path`.
std::uint64_t discrepancies(const std::string& path);

}  // namespace pump::cli
