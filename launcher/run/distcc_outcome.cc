#include "launcher/run/distcc_outcome.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>

#include "launcher/decide/relative_names.h"
#include "launcher/object/repair.h"
#include "launcher/report/server_reason.h"
#include "launcher/run/local_rule.h"
#include "launcher/run/run.h"
#include "pump/distcc/backoff.h"
#include "pump/os/file_io.h"
#include "pump/os/format.h"
#include "pump/os/unique_fd.h"

namespace pump::launcher {
namespace {

/// Reasons of the include server for units that distcc's plain mode compiles wrongly: the server's assembler
/// opens the server's file of that name, if there is one; gcc expands macros differently if it only
/// preprocesses. They are recognised by the beginning of their text (pump/include_server/support/give_up.h),
/// because distcc passes no reason on: the only source is the server's log. The tests launch_server_files and
/// launch_pragma_macros fail if a text changes.
constexpr std::array<std::string_view, 2> kWrongInPlainMode{"the assembler opens a file by itself",
                                                            "a #pragma changes macros"};

bool is_wrong_in_plain_mode(std::string_view reason) {
  return std::any_of(kWrongInPlainMode.begin(), kWrongInPlainMode.end(),
                     [&](std::string_view start) { return reason.starts_with(start); });
}

/// The first of distcc's complaints, "distcc[PID] (function) Warning: text", without "distcc[PID]", which
/// differs from run to run.
std::string first_complaint(const distcc::DistccResult& result) {
  if (result.complaints.empty()) return {};
  const std::string& line = result.complaints.front();
  const std::size_t body = line.find("] ");
  return body == std::string::npos ? line : line.substr(body + 2);
}

/// True for distcc's own failures and crashes. distcc's exit codes begin at 100; no compiler uses those.
bool is_distcc_failure(const os::ExitStatus& status) {
  const bool crashed = status.signal == SIGSEGV || status.signal == SIGABRT || status.signal == SIGBUS ||
                       status.signal == SIGFPE || status.signal == SIGILL;
  return crashed || (status.signal == 0 && status.code >= 100);
}

/// Makes the dependency file the one that a local compilation writes. Error: it is missing, or holds another
/// rule.
Status repair_dependencies(const Decision& decision) {
  if (!decision.dependencies) return {};
  const DependencyFile& dependencies = *decision.dependencies;
  PUMP_TRY(const std::string text, os::read_file(dependencies.name));
  const auto repaired = local_rule(text, dependencies, decision.relative ? decision.relative->root : "");
  if (!repaired) return fail(dependencies.name + " is not a rule for " + dependencies.target);
  if (*repaired == text) return {};
  const os::UniqueFd file(::open(dependencies.name.c_str(), O_WRONLY | O_TRUNC | O_CLOEXEC | O_NOFOLLOW));
  if (!file) return fail_errno("cannot write " + dependencies.name);
  return os::write_all(file.get(), *repaired);
}

}  // namespace

void DistccOutcome::print_messages(int messages) {
  // Opened anew, because the offset of `messages` is at the end.
  const std::string text = os::read_file(os::format("/proc/self/fd/{}", messages)).value_or("");
  if (!attempt_.status.success() && text.find("-prefix-map=") != std::string::npos &&
      !fallback_.is_forbidden())
    fallback_.compile_again(FallbackReason::RemoteFailed, attempt_.level,
                            "the compiler does not support -ffile-prefix-map=");
  if (!text.empty())
    (void)os::write_all(STDERR_FILENO, with_absolute_names(text, command_.decision.relative->root));
}

/// What the include server logged. It names files as the command does that distcc got.
std::string DistccOutcome::includes_unknown_detail() const {
  std::string reason = server_reason(notes_.log(), attempt_.result.include_client_pid);
  const auto& relative = command_.decision.relative;
  return relative ? with_absolute_names(reason, relative->root) : reason;
}

void DistccOutcome::set_fallback_reason() {
  const distcc::DistccResult& result = attempt_.result;
  if (result.failed_remotely)
    record_.set_reason(FallbackReason::RemoteFailed, result.failed_host);
  else if (result.includes_unknown)
    record_.set_reason(FallbackReason::IncludesUnknown, includes_unknown_detail());
  else if (result.not_distributed)
    record_.set_reason(result.hung_up ? FallbackReason::HostHungUp : FallbackReason::HostsFailed,
                       first_complaint(result));
  else if (compiled_here())
    record_.set_reason(FallbackReason::ByHostsList);
}

bool DistccOutcome::needs_repair() const {
  if (attempt_.pump_mode && !compiled_here() && !attempt_.result.failed_remotely) return true;
  // In these cases distcc's words differ from the caller's, even if distcc compiled here.
  const auto& dependencies = command_.decision.dependencies;
  return (attempt_.pump_mode && command_.decision.relative) ||
         (dependencies && !dependencies->module_map.empty());
}

void DistccOutcome::check_outputs() {
  const distcc::DistccResult& result = attempt_.result;
  const Decision& decision = command_.decision;
  if (!result.complaints.empty()) notes_.add(decision.source, result.complaints.front());
  if (result.includes_unknown && !compiled_here() && !result.failed_remotely) {
    const std::string reason = includes_unknown_detail();
    if (is_wrong_in_plain_mode(reason))
      fallback_.compile_again(FallbackReason::IncludesUnknown, SetAside::Level::Plain, reason);
  }
  if (result.failed_remotely)
    fallback_.set_aside(attempt_.level, "it failed on " + result.failed_host + " and compiled here");
  if (!needs_repair()) return;
  // clang's object would differ in plain mode, too.
  const SetAside::Level level = decision.clang_debug ? SetAside::Level::Plain : attempt_.level;
  const auto object = object::repair_file(decision.output, decision.client);
  if (!object) {
    const std::string& error = object.error().message;
    if (object.error().code == ENOTSUP) fallback_.set_compiler_aside(error);
    fallback_.compile_again(FallbackReason::DebugUnrepairable, level, error);
  }
  if (const Status dependencies = repair_dependencies(decision); !dependencies)
    fallback_.compile_again(FallbackReason::DependenciesUnlike, level, dependencies.error().message);
}

insight::Outcome DistccOutcome::outcome() const {
  if (!attempt_.status.success()) return insight::Outcome::Failed;
  if (!attempt_.result.seen) return insight::Outcome::Unknown;
  if (compiled_here()) return insight::Outcome::Local;
  return attempt_.pump_mode && !attempt_.result.includes_unknown ? insight::Outcome::Pump
                                                                 : insight::Outcome::Plain;
}

void DistccOutcome::finish() {
  const os::ExitStatus& status = attempt_.status;
  const distcc::DistccResult& result = attempt_.result;
  if (result.failed_remotely)
    distcc::lift_backoff(command_.context.environment, result.failed_host, command_.session_directory);
  if (is_distcc_failure(status) && !fallback_.is_forbidden()) {
    const std::string last = result.complaints.empty() ? "" : ": " + result.complaints.back();
    fallback_.compile(FallbackReason::DistccFailed,
                      os::format("distcc ended with {}{}", status.shell_code(), last));
  }
  set_fallback_reason();
  if (status.success())
    check_outputs();
  else if (fallback_.is_forbidden())
    for (const std::string& line : result.complaints) (void)os::write_all(STDERR_FILENO, line + "\n");
  record_.set_host(compiled_here() ? "" : result.host);
  record_.write(outcome());
  end_like(status);
}

}  // namespace pump::launcher
