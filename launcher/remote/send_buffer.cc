#include "launcher/remote/send_buffer.h"

#include <climits>
#include <cstring>

#include "launcher/remote/host_connection.h"

namespace pump::launcher {
namespace {

/// Borrowed bytes cost nothing to keep, but the host should have something to do.
constexpr std::size_t kMostPending = 1U << 20U;

}  // namespace

SendBuffer::SendBuffer(HostConnection& connection) : connection_(connection), bytes_(new char[kRoom]) {}

Attempt<void> SendBuffer::copy(std::string_view bytes) {
  while (!bytes.empty()) {
    const std::string_view part = bytes.substr(0, kRoom);
    PUMP_TRY(char* const to, room(part.size()));
    std::memcpy(to, part.data(), part.size());
    commit(part.size());
    bytes.remove_prefix(part.size());
  }
  return {};
}

Attempt<void> SendBuffer::borrow(std::string_view bytes) {
  if (bytes.empty()) return {};
  if (pieces_.size() + 1 >= IOV_MAX || pending_ >= kMostPending) PUMP_CHECK(flush(true));
  pieces_.push_back({const_cast<char*>(bytes.data()), bytes.size()});
  pending_ += bytes.size();
  return {};
}

Attempt<char*> SendBuffer::room(std::size_t size) {
  if (kRoom - used_ < size || pieces_.size() + 1 >= IOV_MAX) PUMP_CHECK(flush(true));
  return bytes_.get() + used_;
}

void SendBuffer::commit(std::size_t used) {
  if (used == 0) return;
  char* const start = bytes_.get() + used_;
  used_ += used;
  pending_ += used;
  if (!pieces_.empty()) {
    iovec& last = pieces_.back();
    if (static_cast<char*>(last.iov_base) + last.iov_len == start) {
      last.iov_len += used;
      return;
    }
  }
  pieces_.push_back({start, used});
}

Attempt<void> SendBuffer::flush(bool more) {
  Attempt<void> sent = connection_.send(pieces_, more);
  pieces_.clear();
  used_ = pending_ = 0;
  return sent;
}

}  // namespace pump::launcher
