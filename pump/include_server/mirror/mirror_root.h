// One root directory of the mirror, from its creation to its removal.
//
// A root has three path components, because the distcc client strips three: /dev/shm/NAME, or
// /tmp/NAME/padding. NAME is "pump-RANDOM.include_server-PID-NUMBER". Mode 0700. The owner holds a flock on
// NAME: it shows other servers that the owner lives, and systemd-tmpfiles leaves a locked directory alone.
// The lock ends with the process, however that ends. Any thread; an object belongs to one thread at a time,
// except for its const members.
#pragma once

#include <string>

#include "pump/os/error.h"
#include "pump/os/unique_fd.h"

namespace pump::include_server {

/// The directory that roots are made in: `client_tmp` ($DISTCC_CLIENT_TMP; may be empty), else /dev/shm if it
/// is writable, else /tmp. Error: `client_tmp` is not absolute, contains "..", or has more than two levels.
Expected<std::string> mirror_base(const std::string& client_tmp);

/// Removes the roots of dead servers of this user from `base`. Does not follow links.
void remove_dead_roots(const std::string& base);

class MirrorRoot {
 public:
  /// `number`: of this root in its mirror, from 1. It becomes part of NAME.
  static Expected<MirrorRoot> create(const std::string& base, unsigned number);
  MirrorRoot(MirrorRoot&&) = default;
  MirrorRoot& operator=(MirrorRoot&&) = delete;
  ~MirrorRoot();  ///< removes the directory with its contents

  [[nodiscard]] const std::string& path() const { return path_; }  ///< with the padding
  [[nodiscard]] bool intact() const;  ///< false if it was removed or replaced; one lstat

 private:
  MirrorRoot(std::string top, os::UniqueFd lock) : top_(std::move(top)), lock_(std::move(lock)) {}
  std::string top_;  ///< NAME's path
  std::string path_;
  os::UniqueFd lock_;
  unsigned long long inode_ = 0;
};

}  // namespace pump::include_server
