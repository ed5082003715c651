// `pump-include-server`: the stand-alone program, a drop-in for distcc's include_server.py.
//
// To go into the background, it executes itself with --foreground rather than forking: nothing is inherited
// by accident. The parent waits on a pipe until the server accepts connections, or fails.
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <string_view>

#include "pump/include_server/server/server.h"
#include "pump/include_server/support/log.h"
#include "pump/os/environment.h"
#include "pump/os/file_io.h"
#include "pump/os/format.h"
#include "pump/os/process.h"

namespace pump::include_server {
namespace {

constexpr int kReadyFd = 3;

void print_error(std::string_view message) {
  fmt::print(stderr, "pump-include-server: {}\n", message);
}

/// Writes to --ready_fd, once: "ok\n", or the error.
void report_ready(const Options& options, std::string_view message) {
  if (options.ready_fd < 0) return;
  os::UniqueFd pipe(options.ready_fd);
  static_cast<void>(os::write_all(pipe.get(), message));
}

/// A process that reads the command's output would otherwise wait for the server's end.
void close_stderr() {
  const os::UniqueFd null(::open("/dev/null", O_WRONLY | O_CLOEXEC));
  if (null) ::dup2(null.get(), STDERR_FILENO);
}

void log_times(std::chrono::steady_clock::time_point start) {
  struct rusage self {
  }, children{};
  ::getrusage(RUSAGE_SELF, &self);
  ::getrusage(RUSAGE_CHILDREN, &children);
  const auto seconds = [](const timeval& a, const timeval& b) {
    return static_cast<double>(a.tv_sec + b.tv_sec) + static_cast<double>(a.tv_usec + b.tv_usec) * 1e-6;
  };
  const double user = seconds(self.ru_utime, children.ru_utime);
  const double system = seconds(self.ru_stime, children.ru_stime);
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
  log_always(os::format(
      "include server timing: elapsed {:.1f} s, user {:.1f} s, system {:.1f} s, user + system {:.1f} s",
      elapsed.count(), user, system, user + system));
}

/// Serves until SIGTERM, SIGINT or SIGHUP.
int serve(const Options& options) {
  const auto start = std::chrono::steady_clock::now();
  sigset_t ending;
  ::sigemptyset(&ending);
  for (const int number : {SIGTERM, SIGINT, SIGHUP}) ::sigaddset(&ending, number);
  ::pthread_sigmask(SIG_BLOCK, &ending, nullptr);
  for (const int number : {SIGPIPE, SIGXFSZ}) ::signal(number, SIG_IGN);

  auto server = Server::start(options);
  if (!server) {
    print_error(server.error().message);
    report_ready(options, server.error().message);
    return 1;
  }
  if (!options.pid_file.empty()) {
    const auto written = os::write_file_atomically(options.pid_file, os::format("{}\n", ::getpid()), 0644);
    if (!written) {
      print_error(written.error().message);
      report_ready(options, written.error().message);
      return 1;
    }
  }
  report_ready(options, "ok\n");
  if (!options.log_file.empty() && options.ready_fd >= 0) close_stderr();
  int received = 0;
  while (::sigwait(&ending, &received) != 0) {
  }
  server->reset();
  if (options.timings) log_times(start);
  return 0;
}

/// Starts the same command in the background, waits until it is ready, and returns the exit status.
int detach(const std::vector<std::string>& arguments) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
    print_error(fail_errno("pipe").value().message);
    return 1;
  }
  os::UniqueFd ours(ends[0]), theirs(ends[1]);
  const os::UniqueFd null(::open("/dev/null", O_RDWR | O_CLOEXEC));
  const auto program = os::self_executable();
  if (!null || !program) {
    print_error(program ? "cannot open /dev/null" : program.error().message);
    return 1;
  }
  os::SpawnOptions spawn;
  spawn.program = *program;
  spawn.argv = {"pump-include-server"};
  spawn.argv.insert(spawn.argv.end(), arguments.begin(), arguments.end());
  spawn.argv.insert(spawn.argv.end(), {"--foreground", "--ready_fd", std::to_string(kReadyFd)});
  spawn.descriptors = {{null.get(), STDIN_FILENO}, {null.get(), STDOUT_FILENO}, {theirs.get(), kReadyFd}};
  spawn.close_others = true;
  spawn.new_session = true;
  const auto child = os::spawn(spawn);
  if (!child) {
    print_error(child.error().message);
    return 1;
  }
  theirs.reset();
  std::string answer;
  std::array<char, 512> part;
  for (;;) {
    const ssize_t got = ::read(ours.get(), part.data(), part.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    answer.append(part.data(), static_cast<std::size_t>(got));
  }
  return answer == "ok\n" ? 0 : 1;  // the child has written the reason to stderr
}

}  // namespace

int include_server_main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + std::min(argc, 1), argv + argc);
  Options defaults;
  defaults.client_tmp = os::Environment::current().get_or("DISTCC_CLIENT_TMP", "");
  const auto options = parse_options(arguments, std::move(defaults));
  if (!options) {
    print_error(options.error().message);
    fmt::print(stderr, "{}", usage());
    return 1;
  }
  if (options->help) {
    fmt::print("{}", usage());
    return 0;
  }
  if (options->port.empty()) {
    print_error("no socket given (--port)");
    fmt::print(stderr, "{}", usage());
    return 1;
  }
  return options->foreground ? serve(*options) : detach(arguments);
}

}  // namespace pump::include_server
