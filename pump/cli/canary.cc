#include "pump/cli/canary.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string>
#include <string_view>

#include "pump/os/file_io.h"

namespace pump::cli {

int canary_main() {
  const rlimit no_core{.rlim_cur = 0, .rlim_max = 0};
  ::setrlimit(RLIMIT_CORE, &no_core);
  char byte = 0;
  while (::read(STDIN_FILENO, &byte, 1) > 0 || errno == EINTR) errno = 0;
  return 0;
}

namespace {

/// True if a signal is pending for the process: on a busy machine it may not have died of it yet.
bool has_pending_signal(pid_t pid) {
  const auto text = os::read_file("/proc/" + std::to_string(pid) + "/status", 1U << 16U);
  if (!text) return true;  // it has ended
  for (const std::string_view field : {"\nSigPnd:\t", "\nShdPnd:\t"}) {
    const std::size_t at = text->find(field);
    if (at == std::string::npos) continue;
    const std::size_t digits = at + field.size();
    if (text->find_first_not_of('0', digits) != text->find('\n', digits)) return true;
  }
  return false;
}

}  // namespace

void Canary::start() {
  child_.reset();
  const auto self = os::self_executable();
  std::array<int, 2> ends{};
  const os::UniqueFd null(::open("/dev/null", O_WRONLY | O_CLOEXEC));
  if (!self || !null || ::pipe2(ends.data(), O_CLOEXEC) != 0) return;
  const os::UniqueFd reader(ends[0]);
  input_.reset(ends[1]);
  os::SpawnOptions options;
  options.program = *self;
  options.argv = {kCanaryName};
  options.descriptors = {
      {reader.get(), STDIN_FILENO}, {null.get(), STDOUT_FILENO}, {null.get(), STDERR_FILENO}};
  options.close_others = true;
  auto child = os::spawn(options);
  if (child) child_ = *std::move(child);
}

void Canary::stop() {
  input_.reset();
  if (child_) static_cast<void>(child_->wait());
}

bool Canary::died_of(int number) {
  constexpr std::chrono::milliseconds kPatience(100);
  constexpr std::chrono::seconds kLongPatience(10);
  if (!child_) return false;
  auto ended = child_->wait_for(kPatience);
  if (ended && !*ended && has_pending_signal(child_->pid())) ended = child_->wait_for(kLongPatience);
  if (ended && !*ended) return false;  // it lives: the signal was sent to pump alone
  const bool of_the_group = ended && (*ended)->signal == number;
  start();
  return of_the_group;
}

}  // namespace pump::cli
