// A build's own directory below the session's: where $INCLUDE_SERVER_DIR and $INCLUDE_SERVER_PORT point.
//
//   builds/XXXXXX/socket               a link to the session's socket (connect(2) follows it)
//   builds/XXXXXX/discrepancy_counter  distcc's: a byte per compilation that failed remotely but succeeded
//   here builds/XXXXXX/owner.lock           locked by the `pump COMMAND` it belongs to builds/XXXXXX/startup
//   instead of an owner: the pin of the `pump --startup` it belongs to
//
// distcc keeps the counter beside the socket it is told about, and counts against it: with a directory of its
// own per build, the discrepancies of one never demote another. Main thread of one process; the lock is lost
// if the process opens and closes the lock file elsewhere.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "pump/os/error.h"
#include "pump/os/file_lock.h"
#include "pump/session/session.h"

namespace pump::cli {

/// What --shutdown needs to know of --startup.
struct StartupRecord {
  std::string session_directory;
  std::string pin;
};

class BuildDirectory {
 public:
  /// Makes one for this process, and removes those whose pump was killed. Error: with what could not be made.
  static Expected<BuildDirectory> create(const session::Directory& session,
                                         const session::Settings& settings);
  BuildDirectory(BuildDirectory&&) noexcept;
  BuildDirectory& operator=(BuildDirectory&&) = delete;
  /// Removes it, unless it was left to a --startup.
  ~BuildDirectory();

  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] std::string socket() const { return path_ + "/socket"; }
  /// From now on it belongs to the pin, and stays.
  Status leave_to(const StartupRecord& record);

 private:
  BuildDirectory(std::string path, std::unique_ptr<os::FileLock> owner);
  std::string path_;
  std::unique_ptr<os::FileLock> owner_;  ///< null where the file system has no locks
  bool kept_ = false;
};

/// What `pump --startup` recorded in `path`. Errors: ENOENT where the directory is gone; else what is wrong
/// with it.
Expected<StartupRecord> read_startup_record(const std::string& path);

/// Compilations that failed remotely but succeeded here, in the build of `path`.
std::uint64_t discrepancies(const std::string& path);

}  // namespace pump::cli
