#include "launcher/run/session_servers.h"

#include <sys/stat.h>

#include <cerrno>
#include <charconv>
#include <chrono>
#include <csignal>
#include <ctime>
#include <optional>

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

/// A server that answered too late, or not at all, is left alone for so long.
constexpr std::time_t kRest = 60;
constexpr std::chrono::seconds kPatience(30);

bool is_unresponsive(const std::string& mark) {
  struct stat status {};
  return ::stat(mark.c_str(), &status) == 0 && std::time(nullptr) - status.st_mtime < kRest;
}

/// The socket of an enclosing session with another directory. The socket of a build is a link to its session's.
std::optional<std::string> enclosing_socket(const os::Environment& environment,
                                            const std::string& own_directory) {
  const std::string named(environment.get_or("INCLUDE_SERVER_PORT", ""));
  if (named.empty()) return {};
  std::string socket = os::read_link(named).value_or(named);
  if (os::dirname(socket) == own_directory || !is_socket(socket) ||
      !is_alive(environment.get_or("INCLUDE_SERVER_PID", "")))
    return {};
  return socket;
}

}  // namespace

Expected<SessionServers> SessionServers::join(const os::Environment& environment,
                                              const session::Settings& settings,
                                              const session::Directory& directory) {
  SessionServers servers(settings, directory);
  const auto enclosing = enclosing_socket(environment, directory.path());
  // An enclosing server may be distcc's, or of another version.
  servers.include_server_ = {enclosing.value_or(directory.socket()),
                             !enclosing && settings.backend == "native"};
  servers.scheduler_ = directory.scheduler();
  if (enclosing) {
    const std::string scheduler = std::string(os::dirname(*enclosing)) + "/scheduler";
    if (is_socket(scheduler)) {
      servers.scheduler_ = scheduler;
      return servers;
    }
  }
  PUMP_TRY(session::Client client, session::Client::join(directory));
  PUMP_CHECK(session::ensure_server(client, settings));
  servers.client_ = std::move(client);
  return servers;
}

Expected<distcc::UnitFiles> SessionServers::request_files(const std::string& cwd,
                                                          const std::vector<std::string>& words) const {
  const std::string mark = directory_->path() + "/unresponsive";
  if (is_unresponsive(mark)) return fail("the include server did not answer in time a moment ago", ETIMEDOUT);
  auto files = distcc::ask_include_server(include_server_, cwd, words, kPatience);
  if (!files && files.error().code != ETIMEDOUT && client_) {
    // The server was killed, or is about to be started again.
    PUMP_CHECK(session::ensure_server(*client_, *settings_));
    files = distcc::ask_include_server(include_server_, cwd, words, kPatience);
  }
  if (!files && files.error().code == ETIMEDOUT) (void)os::write_file_atomically(mark, "");
  return files;
}

Expected<distcc::PredictedFiles> SessionServers::predicted_files(
    const std::string& cwd, const std::vector<std::string>& words) const {
  return distcc::ask_for_predicted_files(include_server_, cwd, words, kPatience);
}

Expected<scheduler::SchedulerClient> SessionServers::connect_to_scheduler() const {
  auto connected = scheduler::SchedulerClient::connect(scheduler_);
  if (connected || !client_) return connected;
  PUMP_CHECK(session::ensure_server(*client_, *settings_));
  return scheduler::SchedulerClient::connect(scheduler_);
}

}  // namespace pump::launcher
