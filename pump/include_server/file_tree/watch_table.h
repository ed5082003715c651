// Which directory or file each watch of the FileSystem belongs to.
//
// One watch may have several targets: the same directory by another path, a file by another hard link. It is
// given back when the last target is dropped. Any thread. The mutex is held across the FileSystem's calls,
// and takes no other lock.
#pragma once

#include <tsl/robin_map.h>

#include <mutex>
#include <string>
#include <vector>

#include "pump/include_server/file_tree/entry.h"

namespace pump::include_server {

class WatchTable {
 public:
  /// Exactly one of the two.
  struct Target {
    Directory* directory = nullptr;
    Entry* file = nullptr;
    bool operator==(const Target&) const = default;
  };

  explicit WatchTable(FileSystem& file_system) : file_system_(file_system) {}

  /// Watches `path` for `target`. Negative if it cannot be watched (FileSystem::watch).
  int add(const std::string& path, Target target);
  /// The watch of what is at `path` now, made if it has none; no target is added. If it equals an earlier
  /// watch, the same directory or file is still there. An equal inode number would not prove that, because
  /// numbers are reused.
  int current(const std::string& path, bool file);
  /// Removes the target; does nothing for a negative or unknown watch.
  void drop(int watch, Target target);
  [[nodiscard]] std::vector<Target> targets_of(int watch);

 private:
  FileSystem& file_system_;
  std::mutex mutex_;
  tsl::robin_map<int, std::vector<Target>> targets_;
};

}  // namespace pump::include_server
