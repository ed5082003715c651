// The child writes into a pipe while pump starts the include server; pump reads the pipe afterwards. This
// needs no thread, which the start of the server does not allow. A list longer than the pipe's buffer only
// delays the child.
#include "pump/hosts/lsdistcc.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <thread>

#include "pump/os/shell_quote.h"
#include "pump/os/text.h"

namespace pump::hosts {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

/// Reads to the end of `fd`, or until `deadline`. Error: ETIMEDOUT.
Expected<std::string> read_until(int fd, Clock::time_point deadline) {
  std::string text;
  std::array<char, 4096> buffer{};
  while (true) {
    const auto left = std::chrono::ceil<milliseconds>(deadline - Clock::now());
    pollfd entry{.fd = fd, .events = POLLIN, .revents = 0};
    const int ready = ::poll(&entry, 1, static_cast<int>(std::max<milliseconds::rep>(left.count(), 0)));
    if (ready < 0 && errno == EINTR) continue;
    if (ready < 0) return fail_errno("cannot wait for lsdistcc");
    if (ready == 0) return fail("lsdistcc did not end in time", ETIMEDOUT);
    const ssize_t got = ::read(fd, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fail_errno("cannot read from lsdistcc");
    if (got == 0) return text;
    text.append(buffer.data(), static_cast<std::size_t>(got));
  }
}

std::vector<std::string> split_lines(std::string_view text) {
  std::vector<std::string> lines;
  os::for_each_line(text, [&](std::string_view line) {
    // Only the first word is the host: lsdistcc -l appends the latency.
    const std::vector<std::string> words = os::split_blanks(line);
    if (!words.empty()) lines.push_back(words.front());
  });
  return lines;
}

}  // namespace

Expected<std::string> find_lsdistcc(const os::Environment& environment, const std::string& distcc_directory) {
  const std::string beside = distcc_directory + "/lsdistcc";
  if (!distcc_directory.empty() && ::access(beside.c_str(), X_OK) == 0) return beside;
  const std::string_view path = environment.get_or("PATH", "");
  if (auto found = os::find_program("lsdistcc", path)) return *std::move(found);
  return fail("DISTCC_POTENTIAL_HOSTS is set, but there is no lsdistcc to probe them (searched " +
                  (distcc_directory.empty() ? std::string("no distcc directory") : distcc_directory) +
                  ", then PATH). It comes with distcc; or set DISTCC_HOSTS instead.",
              ENOENT);
}

Expected<Lsdistcc> Lsdistcc::start(const os::Environment& environment, const std::string& program) {
  std::array<int, 2> ends{};
  const os::UniqueFd null(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  if (!null || ::pipe2(ends.data(), O_CLOEXEC) != 0) return fail_errno("cannot run " + program);
  os::UniqueFd reader(ends[0]);
  const os::UniqueFd writer(ends[1]);

  os::SpawnOptions options;
  options.program = program;
  options.argv = {program, "-c150"};
  for (const char* name : {"LSDISTCC_ARGS", "DISTCC_POTENTIAL_HOSTS"})
    for (std::string& word : os::split_blanks(environment.get_or(name, "")))
      options.argv.push_back(std::move(word));
  options.environment = environment;
  options.descriptors = {{null.get(), STDIN_FILENO}, {writer.get(), STDOUT_FILENO}};
  options.close_others = true;
  options.die_with_parent = true;
  PUMP_TRY(os::Child child, os::spawn(options));
  return Lsdistcc(std::move(child), std::move(reader));
}

Lsdistcc::~Lsdistcc() {
  if (child_.pid() <= 0) return;
  static_cast<void>(child_.signal(SIGKILL));
  static_cast<void>(child_.wait());
}

Expected<std::vector<std::string>> Lsdistcc::finish(milliseconds patience) {
  const Clock::time_point deadline = Clock::now() + patience;
  PUMP_TRY(const std::string text, read_until(output_.get(), deadline));
  const auto left = std::chrono::ceil<milliseconds>(deadline - Clock::now());
  PUMP_TRY(const std::optional<os::ExitStatus> status, child_.wait_for(std::max(left, milliseconds(100))));
  if (!status) return fail("lsdistcc closed its output but did not end", ETIMEDOUT);
  if (status->signal != 0) return fail("lsdistcc was ended by signal " + std::to_string(status->signal));
  return split_lines(text);
}

std::string hosts_value(const std::vector<std::string>& lines, const std::string& suffix) {
  if (lines.empty()) return "localhost/" + std::to_string(std::max(1U, std::thread::hardware_concurrency()));
  std::string value = "--randomize";
  for (const std::string& line : lines) value += " " + line + suffix;
  return value;
}

}  // namespace pump::hosts
