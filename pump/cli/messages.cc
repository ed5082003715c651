#include "pump/cli/messages.h"

#include <unistd.h>

#include <string>

#include "pump/os/file_io.h"

namespace pump::cli {
namespace {

constexpr std::string_view kUnderscores = "__________";

/// One write per line, so that lines of concurrent writers stay whole. A closed stdout stops no build.
void line(int fd, std::string_view prefix, std::string_view text) {
  if (fd < 0) return;
  static_cast<void>(os::write_all(fd, std::string(prefix) + std::string(text) + "\n"));
}

}  // namespace

Messages::Messages(const os::Environment& environment, int progress_fd) : progress_fd_(progress_fd) {
  const std::string_view testing = environment.get_or("DISTCC_TESTING_INCLUDE_SERVER", "");
  if (!testing.empty() && testing != "0") progress_fd_ = -1;
}

void Messages::progress(std::string_view text) const { line(progress_fd_, kUnderscores, text); }
void Messages::warning(std::string_view text) { line(STDERR_FILENO, kUnderscores, "Warning: " + std::string(text)); }
void Messages::error(std::string_view text) { line(STDERR_FILENO, "pump: ", text); }

Status print(std::string_view text) { return os::write_all(STDOUT_FILENO, text); }

}  // namespace pump::cli
