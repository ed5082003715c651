// The listening socket and its file name. The destructor removes the name, unless another socket has been put
// there meanwhile. One thread, except for get().
#pragma once

#include <sys/types.h>

#include <string>

#include "pump/os/error.h"
#include "pump/os/unique_fd.h"

namespace pump::include_server {

class Listener {
 public:
  /// Binds `path`, mode 0600, non-blocking. Replaces a socket there that no process listens on. Errors: the
  /// path is longer than distcc accepts (106 bytes), a server listens there, or the path names something else
  /// than a socket.
  static Expected<Listener> open(const std::string& path);
  Listener(Listener&& other) noexcept = default;
  Listener& operator=(Listener&&) = delete;
  ~Listener();

  [[nodiscard]] int get() const { return fd_.get(); }
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  Listener(os::UniqueFd fd, std::string path, dev_t device, ino_t inode)
      : fd_(std::move(fd)), path_(std::move(path)), device_(device), inode_(inode) {}

  os::UniqueFd fd_;
  std::string path_;
  dev_t device_;
  ino_t inode_;
};

}  // namespace pump::include_server
