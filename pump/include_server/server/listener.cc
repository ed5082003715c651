#include "pump/include_server/server/listener.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>

#include "pump/os/format.h"

namespace pump::include_server {
namespace {

/// distcc refuses an INCLUDE_SERVER_PORT of sizeof(sun_path) - 1 bytes or more.
constexpr std::size_t kMaxPath = sizeof(sockaddr_un::sun_path) - 2;

sockaddr_un address_of(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.data(), path.size());
  return address;
}

Expected<os::UniqueFd> new_socket() {
  os::UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!fd) return fail_errno("socket");
  return fd;
}

bool bind_to(int fd, const sockaddr_un& address) {
  return ::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

/// Removes the socket at `path` if connecting to it is refused: its listener is gone.
Status remove_stale(const std::string& path, const sockaddr_un& address) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) == 0 && !S_ISSOCK(status.st_mode)) {
    return fail(os::format("{} exists and is not a socket", path), EEXIST);
  }
  PUMP_TRY(const os::UniqueFd probe, new_socket());
  if (::connect(probe.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 ||
      errno == EAGAIN) {
    return fail(os::format("{}: another server listens there", path), EADDRINUSE);
  }
  if (errno != ECONNREFUSED && errno != ENOENT) return fail_errno(path);
  if (::unlink(path.c_str()) != 0 && errno != ENOENT) return fail_errno("cannot remove stale socket " + path);
  return {};
}

}  // namespace

Expected<Listener> Listener::open(const std::string& path) {
  if (path.empty()) return fail("no socket path given (--port)", EINVAL);
  if (path.size() > kMaxPath) {
    return fail(os::format("socket path is longer than the {} bytes that distcc accepts: {}", kMaxPath, path),
                ENAMETOOLONG);
  }
  PUMP_TRY(os::UniqueFd fd, new_socket());
  const sockaddr_un address = address_of(path);
  // Linux gives the new name the mode of the socket, less the umask: never more than 0600.
  if (::fchmod(fd.get(), 0600) != 0) return fail_errno("fchmod on a socket");
  if (!bind_to(fd.get(), address)) {
    if (errno != EADDRINUSE) return fail_errno("cannot bind " + path);
    PUMP_CHECK(remove_stale(path, address));
    if (!bind_to(fd.get(), address)) return fail_errno("cannot bind " + path);
  }
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0) return fail_errno(path);
  Listener listener(std::move(fd), path, status.st_dev, status.st_ino);
  if (::chmod(path.c_str(), 0600) != 0) return fail_errno("cannot set the mode of " + path);
  // distcc connects without blocking and treats a full queue as failure: the queue must hold all clients of a
  // build.
  if (::listen(listener.get(), 4096) != 0) return fail_errno("listen");
  return listener;
}

Listener::~Listener() {
  if (!fd_) return;
  struct stat status {};
  if (::lstat(path_.c_str(), &status) == 0 && status.st_dev == device_ && status.st_ino == inode_) {
    ::unlink(path_.c_str());
  }
}

}  // namespace pump::include_server
