#include "launcher/run/local_fallback.h"

#include <unistd.h>

#include "launcher/run/inputs.h"
#include "launcher/run/local_slot.h"
#include "launcher/run/run.h"
#include "pump/os/file_io.h"
#include "pump/os/format.h"

namespace pump::launcher {
namespace {

constexpr std::chrono::hours kLongest(24);
/// An entry that lists only the source does not end when a header changes.
constexpr std::chrono::hours kLongestWithoutInputs(1);

}  // namespace

bool LocalFallback::is_forbidden() const {
  return command_.context.environment.get_or("DISTCC_FALLBACK", "") == "0";
}

os::ExitStatus LocalFallback::run_compiler_here() {
  take_local_slot(command_.context.environment);
  const auto status = run_compiler(command_.argv, command_.context.environment);
  if (status) return *status;
  // It cannot be started as a child. exec fails for the same reason and prints it.
  record_.write(insight::Outcome::Failed);
  ::_exit(become_compiler(command_.argv, command_.context.environment));
}

void LocalFallback::end(const os::ExitStatus& status) {
  record_.write(status.success() ? insight::Outcome::Local : insight::Outcome::Failed);
  end_like(status);
}

void LocalFallback::compile(FallbackReason reason, const std::string& detail) {
  notes_.add(command_.decision.source, "compiled here: " + detail);
  record_.set_reason(reason, detail);
  const bool by_hosts = reason == FallbackReason::HostsFailed || reason == FallbackReason::HostsClosed ||
                        reason == FallbackReason::CompilerRefused ||
                        reason == FallbackReason::CompilerDiffers;
  if (by_hosts && is_forbidden()) fail(reason, detail);
  end(run_compiler_here());
}

void LocalFallback::compile(LocalReason reason, const std::string& detail) {
  record_.set_reason(reason, detail);
  end(run_compiler_here());
}

/// For DISTCC_FALLBACK=0.
void LocalFallback::fail(FallbackReason reason, const std::string& detail) {
  constexpr int kStatus = 103;  // distcc's EXIT_CONNECT_FAILED
  (void)os::write_all(STDERR_FILENO, os::format("pump-launch: {}: {}: {} (DISTCC_FALLBACK=0)\n",
                                                command_.decision.source, text(reason), detail));
  record_.write(insight::Outcome::Failed);
  ::_exit(kStatus);
}

void LocalFallback::compile_again(FallbackReason reason, const std::string& detail) {
  notes_.add(command_.decision.source, "compiled here again: " + detail);
  const os::ExitStatus status = run_compiler_here();
  // A unit that fails here, too, has a fault of its own, and no reason in the records.
  if (status.success()) {
    record_.set_reason(reason, detail);
    set_aside(detail);
  }
  end(status);
}

void LocalFallback::set_aside(const std::string& detail) {
  auto inputs = read_inputs(command_.argv, command_.context);
  const bool known = inputs.has_value();
  if (!known) inputs = std::vector<std::string>{command_.decision.source};
  // Relative names are relative to the working directory, which is part of the entry's key.
  const Status added = set_aside_.add(detail, *inputs, known ? kLongest : kLongestWithoutInputs);
  if (!added)
    notes_.add(command_.decision.source, "not set aside: " + added.error().message);
  else
    notes_.add(command_.decision.source,
               os::format("set aside until one of {} files changes: {}", inputs->size(), detail));
}

void LocalFallback::set_compiler_aside(const std::string& detail) {
  const std::string& compiler = command_.decision.words.front();
  compiler_with_debug(command_.session_directory, compiler)
      .add_for_compiler(detail, compiler, command_.context.environment, kLongest);
}

void LocalFallback::keep_absolute_names(const std::string& detail) {
  const std::string& compiler = command_.decision.words.front();
  compiler_without_maps(command_.session_directory, compiler)
      .add_for_compiler(detail, compiler, command_.context.environment, kLongest);
}

}  // namespace pump::launcher
