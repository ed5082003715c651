// The real FileSystem: lstat, readlink, leases and inotify.
//
// Any thread. One instance per server: it owns one inotify descriptor and one for /proc/self/mountinfo. It
// makes the process ignore SIGIO: the kernel sends it when another process opens a file for which this one
// holds a lease, and its default action ends the process.
//
// Lock: one mutex, held for drain() and for adding a device to the trusted ones. It takes no other lock.
#pragma once

#include <atomic>
#include <mutex>

#include "pump/include_server/file_tree/file_system.h"
#include "pump/os/unique_fd.h"

namespace pump::include_server {

class OsFileSystem : public FileSystem {
 public:
  enum class Watches {
    Trusted,  ///< on file systems whose notifications are complete
    Never,    ///< validate everything by status(): for tests, and for systems with unreliable notifications
  };
  explicit OsFileSystem(Watches watches = Watches::Trusted);

  Expected<FileStatus> status(const std::string& path) override;
  Expected<std::string> read_link(const std::string& path) override;
  Expected<Content> read(const std::string& path) override;
  int watch(const std::string& directory) override;
  int watch_file(const std::string& path, std::uint64_t device) override;
  void unwatch(int watch) override;
  void drain(std::vector<WatchEvent>& events) override;

 private:
  [[nodiscard]] int add(const std::string& path, std::uint32_t mask) const;
  /// True if notifications for `path` are complete. `device`: as for watch_file().
  bool trusted(const std::string& path, std::uint64_t device);

  os::UniqueFd inotify_;
  os::UniqueFd mounts_;
  std::mutex mutex_;
  /// The last device found to have a file system with complete notifications; 0: none. Reset when a mount
  /// changes.
  std::atomic<std::uint64_t> trusted_device_{0};
};

}  // namespace pump::include_server
