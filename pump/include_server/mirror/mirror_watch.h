// Tells when somebody else removes something from the mirror: a copy that a reply names and the client does
// not find is blamed on the host. A cleaner of /tmp may take single files, a user a directory.
//
// An inotify instance of the mirror's own, with one watch for each of its directories. Rejected: a look at
// each copy of each reply, which costs more than the reply. Where no watch can be had, removals go unnoticed.
// Any thread.
#pragma once

#include <mutex>
#include <set>
#include <string>
#include <unordered_map>

#include "pump/os/unique_fd.h"

namespace pump::include_server {

class MirrorWatch {
 public:
  MirrorWatch();
  /// Of a directory that was just made.
  void add(const std::string& directory);
  /// The caller removes this one.
  void remove_own(const std::string& path);
  /// True where something went since the last call that whoever made the mirror did not remove. One ioctl(2).
  bool lost_something();

  /// Names that begin so come and go by themselves.
  static constexpr const char* kTemporary = ".pump-temporary-";

 private:
  os::UniqueFd inotify_;
  std::mutex mutex_;
  std::unordered_map<int, std::string> directories_;  ///< by watch
  std::set<std::string> removed_;                     ///< by us, and not yet reported
};

}  // namespace pump::include_server
