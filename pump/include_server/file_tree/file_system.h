// The calls of the operating system that the include server needs, as one interface, so that tests can use an
// in-memory fake (tests/unit/include_server/file_tree/fake_file_system.h). Paths are bytes, absolute or
// relative to the process's working directory. Any thread.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "pump/os/error.h"

namespace pump::include_server {

enum class EntryKind : std::uint8_t { Missing, File, Directory, Symlink, Other };

/// The fields of lstat(2) that distinguish one version of a file from another.
struct FileStatus {
  EntryKind kind = EntryKind::Missing;
  std::uint64_t device = 0, inode = 0, size = 0, links = 0;
  std::int64_t mtime_ns = 0, ctime_ns = 0;
  std::uint32_t mode = 0;
  std::uint32_t uid = 0, gid = 0;
  int error = 0;  ///< Missing: the errno of lstat(2), unless it says that nothing is there
  bool operator==(const FileStatus&) const = default;
};

/// A change that a watch reported. `name` is the entry of the watched directory; if it is empty, the watched
/// directory (deleted, moved, unmounted, permissions) or the watched file (anything) itself has changed.
struct WatchEvent {
  int watch = -1;
  std::string name;
  bool overflow = false;  ///< events were lost, or a mount changed: everything must be checked again
  bool gone = false;      ///< the watch no longer exists
  bool content = false;   ///< file content may differ although the status is the same
};

class FileSystem {
 public:
  virtual ~FileSystem() = default;

  /// The status of `path`, links not followed. ENOENT and ENOTDIR are EntryKind::Missing, not errors.
  virtual Expected<FileStatus> status(const std::string& path) = 0;
  virtual Expected<std::string> read_link(const std::string& path) = 0;

  /// The content of a regular file and the status it had. No writer changed it during the read.
  struct Content {
    std::string bytes;
    FileStatus status;
    /// False if a later change could leave the status equal: the file is open for writing, or was modified
    /// within the resolution of its time stamps. Such content is read again, and compared, at each request
    /// until it has settled.
    bool settled = true;
    /// True if it was proved that no process had the file open for writing: every later change then begins
    /// with an open(2) and ends with a close(2), and so is reported by a watch.
    bool exclusive = false;
  };
  /// Errors: EINVAL for anything but a regular file, EAGAIN if it kept changing, EFBIG over 1 GiB, and those
  /// of open(2) and read(2).
  virtual Expected<Content> read(const std::string& path) = 0;

  /// Watches a directory's entries: names that are created, removed, or closed after writing. Negative if
  /// there is no watch or none that can be trusted (watch limit, network or FUSE file system, no inotify):
  /// such a directory's entries are validated by status() at each request. The same directory gives the same
  /// watch, also by another path.
  virtual int watch(const std::string& directory) = 0;
  /// Watches one file's content, also for changes through another hard link. Negative: as for watch().
  /// `device`: FileStatus::device of the file, or 0 if not known.
  virtual int watch_file(const std::string& path, std::uint64_t device) {
    (void)path, (void)device;
    return -1;
  }
  virtual void unwatch(int watch) = 0;
  /// Appends all changes since the last call. One system call if there are none.
  virtual void drain(std::vector<WatchEvent>& events) = 0;
};

}  // namespace pump::include_server
