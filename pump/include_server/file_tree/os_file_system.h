// The real FileSystem: lstat, readlink, leases and inotify.
//
// Any thread. One instance per server: it owns one inotify descriptor and one for /proc/self/mountinfo. It
// makes the process ignore SIGIO, which the kernel sends when somebody opens a file whose lease we hold and
// which would otherwise end the process.
#pragma once

#include <atomic>
#include <mutex>

#include "pump/include_server/file_tree/file_system.h"
#include "pump/os/unique_fd.h"

namespace pump::include_server {

class OsFileSystem : public FileSystem {
 public:
  enum class Watches {
    WhereTrusted,
    Never,  ///< validate everything by status(): for comparison, and for systems whose notifications lie
  };
  explicit OsFileSystem(Watches watches = Watches::WhereTrusted);

  Expected<FileStatus> status(const std::string& path) override;
  Expected<std::string> read_link(const std::string& path) override;
  Expected<Content> read(const std::string& path) override;
  int watch(const std::string& directory) override;
  int watch_file(const std::string& path, std::uint64_t device) override;
  void unwatch(int watch) override;
  void drain(std::vector<WatchEvent>& events) override;

 private:
  int add(const std::string& path, std::uint32_t mask) const;
  bool trusted(const std::string& path, std::uint64_t device);

  os::UniqueFd inotify_;
  os::UniqueFd mounts_;
  std::mutex draining_;
  /// A device whose file system's notifications are complete; 0: none is known. Forgotten when a mount
  /// changes.
  std::atomic<std::uint64_t> trusted_device_{0};
};

}  // namespace pump::include_server
