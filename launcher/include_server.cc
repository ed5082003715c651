#include "launcher/include_server.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <cstring>

#include "pump/os/file_io.h"
#include "pump/os/unique_fd.h"

namespace pump::launcher {
namespace {

/// A connection tells more than the file: a killed server leaves its socket behind.
bool answers(const std::string& socket) {
  sockaddr_un address{};
  if (socket.size() >= sizeof address.sun_path) return false;
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, socket.c_str(), socket.size() + 1);
  const os::UniqueFd probe(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  return probe && ::connect(probe.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

/// Beside a "…/socket" of ours there is "…/port", the same socket: distcc keeps a count of discrepancies beside the
/// former and, after one, uses plain mode for the rest of the build.
std::string uncounted(const std::string& socket) {
  const std::string port = std::string(os::dirname(socket)) + "/port";
  struct stat status {};
  return ::stat(port.c_str(), &status) == 0 && S_ISSOCK(status.st_mode) ? port : socket;
}

std::optional<IncludeServer> foreign_server(const os::Environment& environment, const std::string& own_directory) {
  const std::string socket(environment.get_or("INCLUDE_SERVER_PORT", ""));
  if (socket.empty() || os::dirname(socket) == own_directory || !answers(socket)) return {};
  return IncludeServer{.client = {},
                       .socket = uncounted(socket),
                       .directory = std::string(environment.get_or("INCLUDE_SERVER_DIR", os::dirname(socket))),
                       .pid = std::string(environment.get_or("INCLUDE_SERVER_PID", ""))};
}

}  // namespace

Expected<IncludeServer> join_include_server(const os::Environment& environment, const session::Settings& settings,
                                            const session::Directory& directory) {
  if (auto foreign = foreign_server(environment, directory.path())) return *std::move(foreign);
  PUMP_TRY(session::Client client, session::Client::join(directory));
  PUMP_TRY(const session::Server server, session::ensure_server(client, settings));
  return IncludeServer{.client = std::move(client),
                       .socket = directory.uncounted_socket(),
                       .directory = directory.path(),
                       .pid = std::to_string(server.pid)};
}

}  // namespace pump::launcher
