// The real FileSystem: lstat, readlink, leases and inotify.
//
// Any thread. One instance per server: it owns one inotify descriptor and one for /proc/self/mountinfo. It
// makes the process ignore SIGIO: the kernel sends it when another process opens a file for which this one
// holds a lease, and its default action ends the process.
//
// Locks: `mutex_` is held for drain() and for adding a device to the trusted ones, and `watching_` for counting
// watches, also by drain().
#pragma once

#include <tsl/robin_set.h>

#include <atomic>
#include <cstddef>
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
  /// `most_watches`: what is beyond has no watch. 0: most_file_watches().
  explicit OsFileSystem(Watches watches = Watches::Trusted, std::size_t most_watches = 0);

  Expected<FileStatus> status(const std::string& path) override;
  Expected<std::string> read_link(const std::string& path) override;
  Expected<Content> read(const std::string& path) override;
  int watch(const std::string& directory) override;
  int watch_file(const std::string& path, std::uint64_t device) override;
  void unwatch(int watch) override;
  void drain(std::vector<WatchEvent>& events) override;

 private:
  /// The watch, or -1.
  int add(const std::string& path, std::uint32_t mask);
  /// True if notifications for `path` are complete. `device`: as for watch_file().
  bool trusted(const std::string& path, std::uint64_t device);

  os::UniqueFd inotify_;
  os::UniqueFd mounts_;
  std::mutex mutex_;
  const std::size_t most_watches_;
  std::mutex watching_;          ///< the two members below
  tsl::robin_set<int> watches_;  ///< those that exist
  bool told_ = false;            ///< that there are no more watches
  /// The last device found to have a file system with complete notifications; 0: none. Reset when a mount
  /// changes.
  std::atomic<std::uint64_t> trusted_device_{0};
};

}  // namespace pump::include_server
