#include "launcher/run/local_fallback.h"

#include <unistd.h>

#include "launcher/run/inputs.h"
#include "launcher/run/local_slot.h"
#include "launcher/run/run.h"
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
  // distcc may have written a dependency file before it failed, and the compiler may write none.
  const auto& dependencies = command_.decision.dependencies;
  if (dependencies && dependencies->is_new) ::unlink(dependencies->name.c_str());
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
  end(run_compiler_here());
}

void LocalFallback::compile_again(FallbackReason reason, SetAside::Level level, const std::string& detail) {
  notes_.add(command_.decision.source, "compiled here again: " + detail);
  record_.set_reason(reason, detail);
  const os::ExitStatus status = run_compiler_here();
  if (status.success()) set_aside(level, detail);
  end(status);
}

void LocalFallback::set_aside(SetAside::Level level, const std::string& detail) {
  auto inputs = read_inputs(command_.argv, command_.context);
  const bool known = inputs.has_value();
  if (!known) inputs = std::vector<std::string>{command_.decision.source};
  // Relative names are relative to the working directory, which is part of the entry's key.
  const Status added = set_aside_.add(level, detail, *inputs, known ? kLongest : kLongestWithoutInputs);
  if (!added)
    notes_.add(command_.decision.source, "not set aside: " + added.error().message);
  else
    notes_.add(command_.decision.source,
               os::format("set aside until one of {} files changes: {}", inputs->size(), detail));
}

void LocalFallback::set_compiler_aside(const std::string& detail) {
  const std::string& compiler = command_.decision.words.front();
  const auto program = os::find_program(compiler, command_.context.environment.get_or("PATH", ""));
  if (command_.session_directory.empty() || !program) return;
  (void)compiler_with_debug(command_.session_directory, compiler)
      .add(SetAside::Level::Plain, detail, {*program}, kLongest);
}

}  // namespace pump::launcher
