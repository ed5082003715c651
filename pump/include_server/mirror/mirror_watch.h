// Notices that another process removes something from the mirror, for example a cleaner of /tmp.
//
// An inotify instance with one watch per directory of the mirror. Rejected: to stat each copy of each reply,
// which takes longer than the reply. Without a watch, because the kernel refuses one or there are too many
// (support/watch_limit.h), removals in that directory go unnoticed. Any thread; the class has its own lock.
#pragma once

#include <cstddef>
#include <mutex>
#include <set>
#include <string>
#include <unordered_map>

#include "pump/include_server/support/watch_limit.h"
#include "pump/os/unique_fd.h"

namespace pump::include_server {

class MirrorWatch {
 public:
  /// `most`: directories that are watched.
  explicit MirrorWatch(std::size_t most = most_mirror_watches());
  /// Watches a directory that was just made.
  void add(const std::string& directory);
  /// Removes a file of the mirror; lost_something() does not count it.
  void remove_own(const std::string& path);
  /// True if another process has removed something since the last call. One ioctl(2) if nothing happened.
  bool lost_something();

  /// Names with this prefix may come and go.
  static constexpr const char* kTemporary = ".pump-temporary-";

 private:
  os::UniqueFd inotify_;
  const std::size_t most_;
  std::mutex mutex_;                                  ///< the members below
  std::unordered_map<int, std::string> directories_;  ///< by watch
  std::multiset<std::string> removed_;                ///< by remove_own(), and not yet reported by the kernel
};

}  // namespace pump::include_server
