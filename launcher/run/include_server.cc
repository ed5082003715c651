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

/// True if the process exists. A connection is not tried: distcc's Python server ends when a client sends no
/// request.
bool is_alive(std::string_view pid) {
  pid_t number = 0;
  const auto [end, error] = std::from_chars(pid.data(), pid.data() + pid.size(), number);
  return error == std::errc() && end == pid.data() + pid.size() && number > 0 &&
         (::kill(number, 0) == 0 || errno == EPERM);
}

/// "…/port" beside the "…/socket" of a native session, which is the same socket. distcc counts discrepancies
/// beside a file called "socket", and after one it uses plain mode for the rest of the build.
std::string socket_without_counter(const std::string& socket) {
  const std::string port = std::string(os::dirname(socket)) + "/port";
  return is_socket(port) ? port : socket;
}

std::optional<IncludeServer> enclosing_server(const os::Environment& environment,
                                              const std::string& own_directory) {
  const std::string socket(environment.get_or("INCLUDE_SERVER_PORT", ""));
  const std::string_view pid = environment.get_or("INCLUDE_SERVER_PID", "");
  if (socket.empty() || os::dirname(socket) == own_directory || !is_socket(socket) || !is_alive(pid))
    return {};
  return IncludeServer{
      .client = {},
      .socket = socket_without_counter(socket),
      .directory = std::string(environment.get_or("INCLUDE_SERVER_DIR", os::dirname(socket))),
      .pid = std::string(pid)};
}

}  // namespace

Expected<IncludeServer> join_include_server(const os::Environment& environment,
                                            const session::Settings& settings,
                                            const session::Directory& directory) {
  if (auto foreign = enclosing_server(environment, directory.path())) return *std::move(foreign);
  PUMP_TRY(session::Client client, session::Client::join(directory));
  PUMP_TRY(const session::Server server, session::ensure_server(client, settings));
  return IncludeServer{.client = std::move(client),
                       .socket = directory.uncounted_socket(),
                       .directory = directory.path(),
                       .pid = std::to_string(server.pid)};
}

}  // namespace pump::launcher
