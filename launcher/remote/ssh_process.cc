#include "launcher/remote/ssh_process.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <string_view>
#include <utility>
#include <vector>

#include "pump/os/format.h"
#include "pump/os/text.h"

namespace pump::launcher {
namespace {

using scheduler::Outcome;

constexpr std::chrono::milliseconds kPatience(2000);
// ssh's own failures, and the remote shell's "cannot be executed" and "not found".
constexpr int kSshFailed = 255;
constexpr int kNotExecutable = 126;
constexpr int kNotFound = 127;

struct Pair {
  os::UniqueFd ours, theirs;
};

/// The launcher's end does not block. ssh's does, as a terminal would.
Attempt<Pair> make_pair() {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0)
    return fail_here(fail_errno("cannot make a socket").value().message);
  Pair pair{os::UniqueFd(ends[0]), os::UniqueFd(ends[1])};
  ::fcntl(pair.ours.get(), F_SETFL, O_NONBLOCK);
  return pair;
}

std::vector<std::string> command_line(const distcc::Host& host, const std::string& ssh) {
  std::vector<std::string> argv;
  for (const std::string_view word : os::split(ssh, ' '))
    if (!word.empty()) argv.emplace_back(word);
  if (argv.empty()) argv.emplace_back("ssh");
  if (!host.user.empty()) argv.insert(argv.end(), {"-l", host.user});
  argv.insert(argv.end(), {host.name, host.command.empty() ? "distccd" : host.command, "--inetd",
                           "--enable-tcp-insecure"});
  return argv;
}

/// For a failure of ssh itself, which says the cause only in words.
Outcome outcome_of_words(std::string_view words) {
  return words.find("Connection refused") != std::string_view::npos ? Outcome::Refused : Outcome::Unreachable;
}

}  // namespace

SshProcess::SshProcess(os::Child child, os::UniqueFd in, os::UniqueFd out, os::UniqueFd messages)
    : child_(std::move(child)), in_(std::move(in)), out_(std::move(out)), messages_(std::move(messages)) {}

Attempt<SshProcess> SshProcess::start(const distcc::Host& host, const std::string& ssh) {
  if (host.name.starts_with('-')) return fail_with(Outcome::Unreachable, "not a host for ssh: " + host.name);
  PUMP_TRY(Pair in, make_pair());
  PUMP_TRY(Pair out, make_pair());
  PUMP_TRY(Pair messages, make_pair());
  os::SpawnOptions options;
  options.argv = command_line(host, ssh);
  const std::string path(os::Environment::current().get_or("PATH", "/usr/bin:/bin"));
  options.program = os::find_program(options.argv.front(), path).value_or("");
  if (options.program.empty())
    return fail_here("there is no program \"" + options.argv.front() + "\" to connect with");
  options.descriptors = {{in.theirs.get(), STDIN_FILENO},
                         {out.theirs.get(), STDOUT_FILENO},
                         {messages.theirs.get(), STDERR_FILENO}};
  options.die_with_parent = true;
  Expected<os::Child> child = os::spawn(options);
  if (!child) return fail_here(child.error().message);
  return SshProcess(std::move(*child), std::move(in.ours), std::move(out.ours), std::move(messages.ours));
}

SshProcess::~SshProcess() {
  if (child_.pid() <= 0) return;
  in_.reset();
  out_.reset();
  (void)child_.signal(SIGTERM);
  const auto ended = child_.wait_for(kPatience);
  if (!ended || *ended) return;
  (void)child_.signal(SIGKILL);
  (void)child_.wait();
}

std::string SshProcess::first_message() {
  std::array<char, 4096> text{};
  const ssize_t size = ::recv(messages_.get(), text.data(), text.size(), 0);
  if (size <= 0) return {};
  const std::string_view words(text.data(), static_cast<std::size_t>(size));
  return std::string(os::trim_blanks(words.substr(0, words.find('\n'))));
}

std::optional<Failure> SshProcess::failure() {
  if (child_.pid() <= 0) return std::nullopt;
  in_.reset();
  const auto ended = child_.wait_for(kPatience);
  if (!ended || !*ended || (*ended)->signal != 0) return std::nullopt;
  const int code = (*ended)->code;
  const std::string words = first_message();
  if (code == kSshFailed) return Failure{outcome_of_words(words), words.empty() ? "ssh failed" : words};
  if (code == kNotFound || code == kNotExecutable)
    return Failure{Outcome::Refused, words.empty() ? "distccd does not run there" : words};
  return std::nullopt;
}

}  // namespace pump::launcher
