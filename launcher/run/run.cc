#include "launcher/run/run.h"

#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>

#include "launcher/decide/wrappers.h"
#include "launcher/run/local_slot.h"
#include "pump/os/file_io.h"
#include "pump/os/format.h"

namespace pump::launcher {
namespace {

constexpr std::array kForwarded{SIGINT, SIGTERM, SIGHUP};

/// For the signal handler: the child, and a signal that arrived before the child was started.
volatile sig_atomic_t forward_to = 0;
volatile sig_atomic_t pending = 0;

void forward(int number) {
  const int saved = errno;
  if (forward_to > 0)
    ::kill(static_cast<pid_t>(forward_to), number);
  else
    pending = number;
  errno = saved;
}

/// Forwards SIGINT, SIGTERM and SIGHUP to the child during its lifetime. A signal that the caller ignores
/// (nohup, a shell's background job) stays ignored, here and in distcc.
class SignalForwarding {
 public:
  SignalForwarding() {
    struct sigaction action {};
    action.sa_handler = forward;
    action.sa_flags = SA_RESTART;
    ::sigemptyset(&action.sa_mask);
    for (std::size_t i = 0; i < kForwarded.size(); ++i) {
      ::sigaction(kForwarded[i], &action, &before_[i]);
      if (before_[i].sa_handler == SIG_IGN) ::sigaction(kForwarded[i], &before_[i], nullptr);
    }
  }
  SignalForwarding(const SignalForwarding&) = delete;
  SignalForwarding& operator=(const SignalForwarding&) = delete;
  ~SignalForwarding() {
    forward_to = 0;
    pending = 0;
    for (std::size_t i = 0; i < kForwarded.size(); ++i) ::sigaction(kForwarded[i], &before_[i], nullptr);
  }

  static void begin(pid_t child) {
    forward_to = child;
    if (pending != 0) ::kill(child, pending);
  }

 private:
  std::array<struct sigaction, kForwarded.size()> before_{};
};

/// Prints why the program was not executed, and returns the exit status.
int print_exec_error(const std::string& program, int code) {
  const std::string message = os::format("pump-launch: {}: {}\n", program, std::strerror(code));
  (void)os::write_all(STDERR_FILENO, message);
  return code == ENOENT ? 127 : 126;
}

/// Runs a child and waits for it as if the launcher were that program: signals reach it, and it does not
/// outlive the launcher.
Expected<os::ExitStatus> run_as_proxy(os::SpawnOptions options) {
  options.reset_signals = false;
  options.handled_signals.emplace(kForwarded.begin(), kForwarded.end());
  options.die_with_parent = true;
  const SignalForwarding forwarding;
  PUMP_TRY(os::Child child, os::spawn(options));
  SignalForwarding::begin(child.pid());
  return child.wait();
}

}  // namespace

int become_compiler(const std::vector<std::string>& argv, const os::Environment& environment) {
  if (const auto path = path_without_masquerade(environment.get_or("PATH", "")))
    ::setenv("PATH", path->c_str(), 1);
  std::vector<char*> words;
  words.reserve(argv.size() + 1);
  for (const std::string& word : argv) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  ::execvp(words.front(), words.data());
  return print_exec_error(argv.front(), errno);
}

int become_cache(const std::vector<std::string>& argv, const os::Environment& environment) {
  const auto self = os::self_executable();
  if (!environment.has("CCACHE_PREFIX") && self) {
    const std::string launcher = std::string(os::dirname(*self)) + "/pump-launch";
    // ccache splits the value at blanks and has no quoting. Without a prefix it compiles here, which is
    // correct, too.
    if (launcher.find_first_of(" \t") == std::string::npos) ::setenv("CCACHE_PREFIX", launcher.c_str(), 1);
  }
  return become_compiler(argv, environment);
}

Expected<os::ExitStatus> run_compiler(const std::vector<std::string>& argv,
                                      const os::Environment& environment) {
  os::SpawnOptions options;
  options.environment = environment;
  if (const auto path = path_without_masquerade(environment.get_or("PATH", "")))
    options.environment->set("PATH", *path);
  if (const char* slot = std::getenv(kLocalSlotVariable)) options.environment->set(kLocalSlotVariable, slot);
  const auto program = os::find_program(argv.front(), options.environment->get_or("PATH", ""));
  if (!program) return fail(argv.front() + " was not found", ENOENT);
  options.program = *program;
  options.argv = argv;
  return run_as_proxy(std::move(options));
}

void end_like(const os::ExitStatus& status) {
  if (status.signal != 0) {
    ::signal(status.signal, SIG_DFL);
    sigset_t only;
    ::sigemptyset(&only);
    ::sigaddset(&only, status.signal);
    ::sigprocmask(SIG_UNBLOCK, &only, nullptr);
    ::raise(status.signal);
  }
  ::_exit(status.shell_code());
}

}  // namespace pump::launcher
