// One root directory of the mirror, and its life.
//
// Three path components, because that is how many the distcc client strips: /dev/shm/NAME, or
// /tmp/NAME/padding. Mode 0700. The owner holds a flock on NAME, which tells everybody that it lives (and
// makes systemd-tmpfiles leave it alone); it ends with the process, whatever ends that.
#pragma once

#include <string>

#include "pump/os/error.h"
#include "pump/os/unique_fd.h"

namespace pump::include_server {

/// The directory that roots are made in: `client_tmp` ($DISTCC_CLIENT_TMP; may be empty), else /dev/shm where
/// it is writable, else /tmp. Error: `client_tmp` is not absolute, or deeper than two levels.
Expected<std::string> mirror_base(const std::string& client_tmp);

/// Removes what dead servers of this user left in `base`. Links are not followed; what another user owns is
/// not touched.
void remove_dead_roots(const std::string& base);

class MirrorRoot {
 public:
  static Expected<MirrorRoot> create(const std::string& base, unsigned generation);
  MirrorRoot(MirrorRoot&&) = default;
  MirrorRoot& operator=(MirrorRoot&&) = delete;
  ~MirrorRoot();  ///< removes it with all below

  [[nodiscard]] const std::string& path() const { return path_; }  ///< padding included
  [[nodiscard]] bool intact() const;                               ///< one stat

 private:
  MirrorRoot(std::string top, os::UniqueFd lock) : top_(std::move(top)), lock_(std::move(lock)) {}
  std::string top_;  ///< NAME's directory
  std::string path_;
  os::UniqueFd lock_;
  unsigned long long inode_ = 0;
};

}  // namespace pump::include_server
