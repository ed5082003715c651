// Collects the pieces of a job and sends them together: a job has some hundred small pieces, and a system call for
// each would cost more than the bytes. Main thread.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "launcher/remote/failure.h"
#include "pump/distcc/fragments.h"

namespace pump::launcher {

class HostConnection;

class SendBuffer {
 public:
  /// Bytes that it can hold. More are sent in several steps.
  static constexpr std::size_t kRoom = 96U << 10U;

  /// `connection` must outlive the buffer.
  explicit SendBuffer(HostConnection& connection);

  /// Adds bytes. They are copied.
  Attempt<void> copy(std::string_view bytes);
  /// Room for `size` bytes, at most kRoom, to be filled by the caller. It is valid until the next call; commit() adds
  /// the first `used` bytes of it.
  Attempt<char*> room(std::size_t size);
  void commit(std::size_t used) { used_ += used; }
  /// Sends all that was added, then parts of a file (HostConnection::send_file).
  Attempt<void> send_file(int file, const std::vector<distcc::Extent>& extents);
  /// Sends all that was added. `more`: more follows soon, so the last packet may wait for it.
  Attempt<void> flush(bool more);

 private:
  HostConnection& connection_;
  std::unique_ptr<char[]> bytes_;  ///< not cleared: a small job touches little of it
  std::size_t used_ = 0;
};

}  // namespace pump::launcher
