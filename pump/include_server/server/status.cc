#include "pump/include_server/server/status.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <nlohmann/json.hpp>

#include "pump/include_server/support/protocol.h"
#include "pump/os/process_info.h"
#include "pump/os/unique_fd.h"

namespace pump::include_server {

std::string to_json(const ServerStatus& status) {
  const Counters& counters = status.counters;
  const nlohmann::ordered_json json = {
      {"pid", ::getpid()},
      {"jobs", status.jobs},
      {"uptime_seconds", std::round(status.uptime.count() * 1000) / 1000},
      {"requests", counters.requests.value()},
      {"cache_hits", counters.cache_hits.value()},
      {"gave_up", counters.gave_up.value()},
      {"approximate", counters.approximate.value()},
      {"entries", counters.entries.value()},
      {"steps", counters.steps.value()},
      {"malformed", counters.malformed.value()},
      {"refused", counters.refused.value()},
      {"dropped", counters.dropped.value()},
      {"renewed", counters.renewed.value()},
      {"waiting", status.waiting},
      {"mirror", status.mirror},
      {"mirror_bytes", status.mirror_bytes},
      {"rss_bytes", os::resident_bytes()},
  };
  return json.dump(-1, ' ', /*ensure_ascii=*/true, nlohmann::ordered_json::error_handler_t::replace) + '\n';
}

Expected<std::string> request_status(const std::string& socket) {
  sockaddr_un address{};
  if (socket.size() >= sizeof address.sun_path) return fail("socket path too long: " + socket, ENAMETOOLONG);
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, socket.data(), socket.size());
  const os::UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!fd) return fail_errno("socket");
  const timeval patience{5, 0};
  ::setsockopt(fd.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  ::setsockopt(fd.get(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  if (::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    return fail_errno(socket);
  if (::send(fd.get(), kStatusRequest.data(), kStatusRequest.size(), MSG_NOSIGNAL) < 0)
    return fail_errno(socket);
  std::string reply;
  std::array<char, 4096> part;
  ssize_t got = 0;
  while ((got = ::recv(fd.get(), part.data(), part.size(), 0)) > 0 && reply.size() < (1U << 20U)) {
    reply.append(part.data(), static_cast<std::size_t>(got));
  }
  if (got < 0) return fail_errno(socket);
  if (!reply.starts_with('{'))
    return fail(socket + ": the server there does not support status requests", EPROTO);
  return reply;
}

}  // namespace pump::include_server
