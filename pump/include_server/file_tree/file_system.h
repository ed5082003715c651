// The operating system as the include server sees it: the few calls the engine needs, behind one interface, so that
// tests run on an in-memory fake (tests/unit/include_server/fake_file_system.h). Paths are bytes. Any thread.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "pump/os/error.h"

namespace pump::include_server {

enum class EntryKind : std::uint8_t { Missing, File, Directory, Symlink, Other };

/// lstat(2), reduced to what tells one version of a file from another.
struct FileStatus {
  EntryKind kind = EntryKind::Missing;
  std::uint64_t device = 0, inode = 0, size = 0, links = 0;
  std::int64_t mtime_ns = 0, ctime_ns = 0;
  std::uint32_t mode = 0;
  std::uint32_t uid = 0, gid = 0;
  bool operator==(const FileStatus&) const = default;
};

/// A change that a watch reported. An empty `name` means the watched thing itself (for a directory: deleted, moved,
/// unmounted, permissions; for a file: anything).
struct WatchEvent {
  int watch = -1;
  std::string name;
  bool overflow = false;  ///< events were lost: everything must be checked again
  bool gone = false;      ///< the watch no longer exists
  bool content = false;   ///< file content may differ although the status is the same
};

class FileSystem {
 public:
  virtual ~FileSystem() = default;

  /// What stands at `path`, links not followed. ENOENT and ENOTDIR are EntryKind::Missing, not errors.
  virtual Expected<FileStatus> status(const std::string& path) = 0;
  virtual Expected<std::string> read_link(const std::string& path) = 0;
  /// The content of a regular file and the status it had, read so that no writer changed it meanwhile.
  struct Content {
    std::string bytes;
    FileStatus status;
    /// False where a later change could leave the status equal: open for writing, or modified so recently that the
    /// clock cannot tell. Such content is read again, and compared, at each request until it has settled.
    bool settled = true;
    /// It was proved that nobody had the file open for writing: every later change begins with an open(2), ends with
    /// a close(2), and so is reported by a watch.
    bool exclusive = false;
  };
  virtual Expected<Content> read(const std::string& path) = 0;

  /// Watches a directory's entries: names that come, go, or are closed after writing. Negative where it cannot be
  /// trusted or had (watch limit, network or FUSE file system, no inotify): such a directory's entries are validated
  /// by status() at each request. The same directory gives the same watch, also under another path.
  virtual int watch(const std::string& directory) = 0;
  /// Watches one file's content, by whatever name it is changed (hard links). Negative as above. `device` is where
  /// its status said that it is; 0: not known.
  virtual int watch_file(const std::string& path, std::uint64_t device) {
    (void)path, (void)device;
    return -1;
  }
  virtual void unwatch(int watch) = 0;
  /// All changes since the last call; cheap where there are none.
  virtual void drain(std::vector<WatchEvent>& events) = 0;
};

}  // namespace pump::include_server
