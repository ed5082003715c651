#include "launcher/run/include_server.h"

#include <sys/stat.h>

#include <cerrno>
#include <charconv>
#include <csignal>

#include "pump/os/file_io.h"

namespace pump::launcher {
namespace {

bool is_socket(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && S_ISSOCK(status.st_mode);
}

/// The process that the environment names. No connection is made to find out: distcc's Python server ends
/// itself when a client comes without a request.
bool lives(std::string_view pid) {
  pid_t number = 0;
  const auto [end, error] = std::from_chars(pid.data(), pid.data() + pid.size(), number);
  return error == std::errc() && end == pid.data() + pid.size() && number > 0 &&
         (::kill(number, 0) == 0 || errno == EPERM);
}

/// Beside a "…/socket" of ours there is "…/port", the same socket: distcc keeps a count of discrepancies
/// beside the former and, after one, uses plain mode for the rest of the build.
std::string uncounted(const std::string& socket) {
  const std::string port = std::string(os::dirname(socket)) + "/port";
  return is_socket(port) ? port : socket;
}

std::optional<IncludeServer> foreign_server(const os::Environment& environment,
                                            const std::string& own_directory) {
  const std::string socket(environment.get_or("INCLUDE_SERVER_PORT", ""));
  const std::string_view pid = environment.get_or("INCLUDE_SERVER_PID", "");
  if (socket.empty() || os::dirname(socket) == own_directory || !is_socket(socket) || !lives(pid)) return {};
  return IncludeServer{
      .client = {},
      .socket = uncounted(socket),
      .directory = std::string(environment.get_or("INCLUDE_SERVER_DIR", os::dirname(socket))),
      .pid = std::string(pid)};
}

}  // namespace

Expected<IncludeServer> join_include_server(const os::Environment& environment,
                                            const session::Settings& settings,
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
