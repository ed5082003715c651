#include "pump/include_server/server/peer.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <string>

#include "pump/os/file_io.h"
#include "pump/os/unique_fd.h"

namespace pump::include_server {
namespace {
constexpr std::size_t kMaxEnvironment =
    8U << 20U;  // the kernel allows a quarter of the stack limit, usually 2 MiB

/// False if /proc is that of another pid namespace, in which the same number is another process.
bool proc_is_ours() {
  static const bool ours = [] {
    const auto self = os::read_link("/proc/self");
    return self && *self == std::to_string(::getpid());
  }();
  return ours;
}
}  // namespace

Expected<Peer> peer_of(int socket) {
  struct ucred credentials {};
  socklen_t size = sizeof credentials;
  if (::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0)
    return fail_errno("SO_PEERCRED");
  return Peer{credentials.pid, credentials.uid};
}

std::string environment_block_of(pid_t pid) {
  if (pid <= 0 || !proc_is_ours()) return {};
  std::array<char, 32> path{};
  fmt::format_to_n(path.data(), path.size() - 1, "/proc/{}/environ", pid);
  const os::UniqueFd fd(::open(path.data(), O_RDONLY | O_CLOEXEC));
  if (!fd) return {};
  std::string block;
  std::array<char, 16384> part;
  while (block.size() < kMaxEnvironment) {
    const ssize_t got = ::read(fd.get(), part.data(), part.size());
    if (got < 0) return {};
    block.append(part.data(), static_cast<std::size_t>(got));
    // A short read of this file means its end.
    if (static_cast<std::size_t>(got) < part.size()) break;
  }
  return block;
}

}  // namespace pump::include_server
