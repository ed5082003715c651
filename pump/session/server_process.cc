#include "pump/session/server_process.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "pump/os/file_io.h"
#include "pump/os/format.h"
#include "pump/os/process.h"
#include "pump/session/log_file.h"

namespace pump::session {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr char kServerName[] = "distcc-pump-server";
constexpr int kReadyFd = 3;

/// Variables of one build, and those that change the output of the compilers that the server runs.
constexpr std::array<std::string_view, 18> kBuildVariables = {"MAKEFLAGS",
                                                              "MFLAGS",
                                                              "MAKELEVEL",
                                                              "MAKEOVERRIDES",
                                                              "GNUMAKEFLAGS",
                                                              "MAKE_TERMOUT",
                                                              "MAKE_TERMERR",
                                                              "MAKEFILES",
                                                              "CARGO_MAKEFLAGS",
                                                              "CPATH",
                                                              "C_INCLUDE_PATH",
                                                              "CPLUS_INCLUDE_PATH",
                                                              "OBJC_INCLUDE_PATH",
                                                              "OBJCPLUS_INCLUDE_PATH",
                                                              "DEPENDENCIES_OUTPUT",
                                                              "SUNPRO_DEPENDENCIES",
                                                              "OLDPWD",
                                                              "CCACHE_PREFIX"};

bool belongs_to_one_build(std::string_view name) {
  if (name == "DISTCC_CLIENT_TMP") return false;  // part of the session's key
  return name.starts_with("DISTCC_") || name.starts_with("INCLUDE_SERVER_") ||
         std::find(kBuildVariables.begin(), kBuildVariables.end(), name) != kBuildVariables.end();
}

std::vector<std::string> server_arguments(const Directory& directory, const Settings& settings) {
  std::vector<std::string> arguments = {kServerName,
                                        "--session",
                                        directory.path(),
                                        "--backend",
                                        settings.backend,
                                        "--linger",
                                        std::to_string(settings.linger.count()),
                                        "--ready-fd",
                                        std::to_string(kReadyFd)};
  if (!settings.distcc_directory.empty())
    arguments.insert(arguments.end(), {"--distcc", settings.distcc_directory});
  arguments.emplace_back("--");
  arguments.insert(arguments.end(), settings.server_args.begin(), settings.server_args.end());
  return arguments;
}

/// What the server wrote, up to a complete line or the end of the pipe. Nothing if `patience` has passed.
std::optional<std::string> read_reply(int fd, milliseconds patience) {
  constexpr std::size_t kLongest = 1U << 16U;
  const Clock::time_point deadline = Clock::now() + patience;
  std::string reply;
  std::array<char, 1024> buffer;
  while (reply.size() < kLongest && reply != kReadyOk && reply != kReadyBusy) {
    const auto left = std::chrono::ceil<milliseconds>(deadline - Clock::now());
    if (left <= milliseconds::zero()) return std::nullopt;
    pollfd entry{.fd = fd, .events = POLLIN, .revents = 0};
    if (::poll(&entry, 1, static_cast<int>(left.count())) <= 0) continue;
    const ssize_t got = ::read(fd, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    reply.append(buffer.data(), static_cast<std::size_t>(got));
  }
  return reply;
}

tl::unexpected<Error> explain_failure(std::string_view reply, const Directory& directory) {
  if (reply.starts_with(kReadyError)) reply.remove_prefix(kReadyError.size());
  if (!reply.empty()) {
    while (!reply.empty() && reply.back() == '\n') reply.remove_suffix(1);
    return fail("cannot start the include server: " + std::string(reply));
  }
  const std::string line = last_log_line(directory.log());
  return fail(os::format("the include server died before it was ready{}{} (log: {})",
                         line.empty() ? "" : ": ", line, directory.log()),
              EPIPE);
}

}  // namespace

os::Environment server_environment(os::Environment starter) {
  for (const std::string& entry : starter.strings()) {
    const std::string_view name = std::string_view(entry).substr(0, entry.find('='));
    if (belongs_to_one_build(name)) starter.unset(name);
  }
  starter.set("PWD", "/");  // compilers use it if it names the working directory
  return starter;
}

Expected<pid_t> start_server(const StartHold& /*held*/, const Directory& directory, const Settings& settings,
                             milliseconds patience) {
  PUMP_TRY(const os::UniqueFd log, open_log(directory.log()));
  const os::UniqueFd null(::open("/dev/null", O_RDWR | O_CLOEXEC));
  if (!null) return fail_errno("cannot open /dev/null");
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return fail_errno("cannot make a pipe");
  const os::UniqueFd reader(ends[0]);
  os::UniqueFd writer(ends[1]);

  os::SpawnOptions options;
  // The link, not its target: the target may have been replaced by another build.
  options.program = "/proc/self/exe";
  options.argv = server_arguments(directory, settings);
  options.environment = server_environment(os::Environment::current());
  options.directory = "/";
  options.descriptors = {{null.get(), STDIN_FILENO},
                         {null.get(), STDOUT_FILENO},
                         {log.get(), STDERR_FILENO},
                         {writer.get(), kReadyFd}};
  options.close_others = true;
  options.new_session = true;
  PUMP_TRY(const pid_t pid, os::spawn_orphan(options));
  writer.reset();

  const std::optional<std::string> reply = read_reply(reader.get(), patience);
  if (!reply)
    return fail(os::format("the include server was not ready within {} ms", patience.count()), ETIMEDOUT);
  if (*reply == kReadyOk) return pid;
  if (*reply == kReadyBusy) return fail("another include server was first", EBUSY);
  return explain_failure(*reply, directory);
}

}  // namespace pump::session
