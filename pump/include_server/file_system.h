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
  bool operator==(const FileStatus&) const = default;
};

/// A change that a watch reported. An empty `name` means the directory itself (deleted, moved, unmounted).
struct WatchEvent {
  int watch = -1;
  std::string name;
  bool overflow = false;  ///< events were lost: everything must be checked again
  bool gone = false;      ///< the watch no longer exists
};

class FileSystem {
 public:
  virtual ~FileSystem() = default;

  /// What stands at `path`, links not followed. ENOENT and ENOTDIR are EntryKind::Missing, not errors.
  virtual Expected<FileStatus> status(const std::string& path) = 0;
  virtual Expected<std::string> read_link(const std::string& path) = 0;
  /// The content of a regular file and the status it had, read so that no writer changed it meanwhile.
  /// `settled` is false where it may still be changing (open for writing, or modified within the clock's granularity).
  struct Content {
    std::string bytes;
    FileStatus status;
    bool settled = true;
  };
  virtual Expected<Content> read(const std::string& path) = 0;

  /// Watches a directory's entries. Negative where it cannot be trusted or had (watch limit, network or FUSE file
  /// system, no inotify): such a directory's entries are validated by status() at each request.
  virtual int watch(const std::string& directory) = 0;
  virtual void unwatch(int watch) = 0;
  /// All changes since the last call; cheap where there are none.
  virtual void drain(std::vector<WatchEvent>& events) = 0;
};

}  // namespace pump::include_server
