// A file in memory to which the include server appends fragments, and which launchers map.
//
// It is a memfd. So it has no name: no cleaner of /tmp removes it, every mount namespace and container can use it, and
// a small /dev/shm (64 MB in a container) is no limit. The kernel forbids to make it shorter (F_SEAL_SHRINK), and bytes
// are written by pwrite(2): lack of memory is an error here, never a SIGBUS in a launcher. A launcher that holds the
// descriptor keeps the memory, also after the server has ended.
//
// One thread at a time, except for fd() and size().
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string_view>

#include "pump/distcc/fragments.h"
#include "pump/os/error.h"
#include "pump/os/unique_fd.h"

namespace pump::include_server {

class FragmentFile {
 public:
  /// Errors: ENOSYS, EPERM …: this system has no such files; EMFILE.
  static Expected<std::unique_ptr<FragmentFile>> create();

  /// Appends `header` and `content` as one fragment. Errors: ENOMEM, ENOSPC; EFBIG (4 GiB, or `ulimit -f`). After an
  /// error the file is as before.
  Expected<distcc::Extent> append(std::string_view header, std::string_view content);
  [[nodiscard]] std::uint64_t size() const { return size_.load(std::memory_order_relaxed); }  ///< bytes
  [[nodiscard]] int fd() const { return fd_.get(); }

 private:
  explicit FragmentFile(os::UniqueFd fd) : fd_(std::move(fd)) {}
  os::UniqueFd fd_;
  std::atomic<std::uint64_t> size_{0};
};

}  // namespace pump::include_server
