#include "pump/cli/messages.h"

#include <unistd.h>

#include <csignal>
#include <ctime>
#include <string>

#include "pump/os/file_io.h"

namespace pump::cli {
namespace {

constexpr std::string_view kUnderscores = "__________";

/// During its lifetime, writing into a pipe without a reader fails with EPIPE instead of a signal: `pump
/// ninja | head` must still leave the session. It blocks SIGPIPE and does not ignore it, because COMMAND
/// inherits dispositions.
class NoBrokenPipe {
 public:
  NoBrokenPipe() {
    ::sigemptyset(&pipe_);
    ::sigaddset(&pipe_, SIGPIPE);
    ::sigprocmask(SIG_BLOCK, &pipe_, &before_);
  }
  NoBrokenPipe(const NoBrokenPipe&) = delete;
  NoBrokenPipe& operator=(const NoBrokenPipe&) = delete;
  ~NoBrokenPipe() {
    const timespec now{};
    if (::sigismember(&before_, SIGPIPE) == 0) ::sigtimedwait(&pipe_, nullptr, &now);
    ::sigprocmask(SIG_SETMASK, &before_, nullptr);
  }

 private:
  sigset_t pipe_{}, before_{};
};

Status write(int fd, const std::string& text) {
  const NoBrokenPipe guard;
  return os::write_all(fd, text);
}

/// One write per line keeps lines of concurrent writers whole. Errors are ignored: a build continues without
/// stdout.
void line(int fd, std::string_view prefix, std::string_view text) {
  if (fd >= 0) static_cast<void>(write(fd, std::string(prefix) + std::string(text) + "\n"));
}

}  // namespace

Messages::Messages(const os::Environment& environment, int progress_fd) : progress_fd_(progress_fd) {
  const std::string_view testing = environment.get_or("DISTCC_TESTING_INCLUDE_SERVER", "");
  if (!testing.empty() && testing != "0") progress_fd_ = -1;
}

void Messages::progress(std::string_view text) const {
  line(progress_fd_, kUnderscores, text);
}
void Messages::warning(std::string_view text) {
  line(STDERR_FILENO, kUnderscores, "Warning: " + std::string(text));
}
void Messages::error(std::string_view text) {
  line(STDERR_FILENO, "pump: ", text);
}

Status print(std::string_view text) {
  return write(STDOUT_FILENO, std::string(text));
}

}  // namespace pump::cli
