#include "launcher/remote/send_buffer.h"

#include <cstring>
#include <utility>

#include "launcher/remote/host_connection.h"

namespace pump::launcher {

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

Attempt<char*> SendBuffer::room(std::size_t size) {
  if (kRoom - used_ < size) PUMP_CHECK(flush(true));
  return bytes_.get() + used_;
}

Attempt<void> SendBuffer::send_file(int file, const std::vector<distcc::Extent>& extents) {
  PUMP_CHECK(flush(true));
  return connection_.send_file(file, extents);
}

Attempt<void> SendBuffer::flush(bool more) {
  return connection_.send({bytes_.get(), std::exchange(used_, 0)}, more);
}

}  // namespace pump::launcher
