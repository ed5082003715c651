#include "launcher/run/distcc_outcome.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <tuple>

#include "launcher/decide/relative_names.h"
#include "launcher/object/repair.h"
#include "launcher/report/server_reason.h"
#include "launcher/run/inputs.h"
#include "launcher/run/run.h"
#include "pump/distcc/backoff.h"
#include "pump/os/file_io.h"
#include "pump/os/unique_fd.h"

namespace pump::launcher {
namespace {

constexpr std::chrono::hours kLongest(24);
/// Where the inputs are not known but for the source.
constexpr std::chrono::hours kBlind(1);

/// What the include server says of units that distcc's plain mode compiles wrongly (give_up.cc, describe()): the
/// server's assembler opens the server's file of that name, if it has one; gcc expands macros otherwise if it only
/// preprocesses.
constexpr std::array<std::string_view, 2> kNotForPlainMode{"the assembler opens a file by itself",
                                                           "a #pragma changes macros"};

/// "distcc[PID] (function) Warning: text" without what changes from run to run.
std::string words_of(const std::vector<std::string>& complaints) {
  if (complaints.empty()) return {};
  const std::string& line = complaints.front();
  const std::size_t body = line.find("] ");
  return body == std::string::npos ? line : line.substr(body + 2);
}

}  // namespace

bool DistccOutcome::fallback_forbidden() const {
  return command_.context.environment.get_or("DISTCC_FALLBACK", "") == "0";
}

/// distcc's own failures (its exit codes begin at 100, no compiler uses them) and crashes.
bool DistccOutcome::distcc_failed(const os::ExitStatus& status) const {
  const bool crashed = status.signal == SIGSEGV || status.signal == SIGABRT || status.signal == SIGBUS ||
                       status.signal == SIGFPE || status.signal == SIGILL;
  return crashed || (status.signal == 0 && status.code >= 100);
}

os::ExitStatus DistccOutcome::run_here() {
  remove_new_dependencies();
  const auto status = run_compiler(command_.argv, command_.context.environment);
  if (status) return *status;
  // It cannot be started as a child; then as this process, which says why.
  record_.write(insight::Outcome::Failed);
  ::_exit(become_compiler(command_.argv, command_.context.environment));
}

void DistccOutcome::compile_here(FallbackReason fallback, const std::string& why) {
  notes_.add(command_.decision.source, "compiled here: " + why);
  record_.set_reason(fallback, why);
  const os::ExitStatus status = run_here();
  record_.write(status.success() ? insight::Outcome::Local : insight::Outcome::Failed);
  end_like(status);
}

void DistccOutcome::set_aside(SetAside::Level level, const std::string& why) {
  auto inputs = read_inputs(command_.argv, command_.context);
  const bool known = inputs.has_value();
  if (!known) inputs = std::vector<std::string>{command_.decision.source};
  // Relative names are relative to the directory that is part of the entry's key.
  const Status added = set_aside_.add(level, why, *inputs, known ? kLongest : kBlind);
  if (!added)
    notes_.add(command_.decision.source, "not set aside: " + added.error().message);
  else
    notes_.add(command_.decision.source,
               fmt::format("set aside until one of {} files changes: {}", inputs->size(), why));
}

/// All of its units with -g are like this one.
void DistccOutcome::set_compiler_aside(const std::string& why) {
  const std::string& compiler = command_.decision.words.front();
  const auto program = os::find_program(compiler, command_.context.environment.get_or("PATH", ""));
  if (command_.session_directory.empty() || !program) return;
  (void)compiler_with_debug(command_.session_directory, compiler)
      .add(SetAside::Level::Plain, why, {*program}, kLongest);
}

/// What the include server said; it names files as it was asked.
std::string DistccOutcome::why_unknown(const distcc::DistccResult& result) const {
  std::string why = server_reason(notes_.log(), result.includes_asked_by);
  return command_.decision.relative ? absolute_messages(why, command_.decision.relative->root) : why;
}

void DistccOutcome::compile_again(FallbackReason fallback, SetAside::Level level, const std::string& why) {
  notes_.add(command_.decision.source, "compiled here again: " + why);
  record_.set_reason(fallback, why);
  const os::ExitStatus here = run_here();
  if (here.success()) set_aside(level, why);
  record_.write(here.success() ? insight::Outcome::Local : insight::Outcome::Failed);
  end_like(here);
}

/// The reason for the record, where distcc took another way than it was sent on.
void DistccOutcome::explain(const distcc::DistccResult& result) {
  const std::string words = words_of(result.complaints);
  if (result.failed_remotely)
    record_.set_reason(FallbackReason::RemoteFailed, result.failed_host);
  else if (result.includes_unknown)
    record_.set_reason(FallbackReason::IncludesUnknown, why_unknown(result));
  else if (result.not_distributed)
    record_.set_reason(result.hung_up ? FallbackReason::HostHungUp : FallbackReason::HostsFailed, words);
  else if (result.host == "localhost")
    record_.set_reason(FallbackReason::ByHostsList);
}

Status DistccOutcome::correct_dependencies() const {
  const auto& [dependencies, relative] = std::tie(command_.decision.dependencies, command_.decision.relative);
  if (!dependencies) return {};
  PUMP_TRY(const std::string text, os::read_file(dependencies->name));
  const auto corrected = local_rule(text, *dependencies, relative ? relative->root : std::string());
  if (!corrected) return fail(dependencies->name + " is not a rule for " + dependencies->target);
  if (*corrected == text) return {};
  const os::UniqueFd file(::open(dependencies->name.c_str(), O_WRONLY | O_TRUNC | O_CLOEXEC | O_NOFOLLOW));
  if (!file) return fail_errno("cannot write " + dependencies->name);
  return os::write_all(file.get(), *corrected);
}

/// True if the dependency file of distcc's command is another one even if distcc compiled here.
bool DistccOutcome::reworded(bool pump_mode) const {
  const auto& dependencies = command_.decision.dependencies;
  return (pump_mode && command_.decision.relative) || (dependencies && !dependencies->module_map.empty());
}

void DistccOutcome::remove_new_dependencies() const {
  const auto& dependencies = command_.decision.dependencies;
  if (dependencies && dependencies->is_new) ::unlink(dependencies->name.c_str());
}

insight::Outcome DistccOutcome::outcome(const os::ExitStatus& status, const distcc::DistccResult& result,
                                        bool pump_mode) const {
  if (!status.success()) return insight::Outcome::Failed;
  if (!result.seen) return insight::Outcome::Unknown;
  if (result.host == "localhost") return insight::Outcome::Local;
  return pump_mode && !result.includes_unknown ? insight::Outcome::Pump : insight::Outcome::Plain;
}

void DistccOutcome::name_absolutely(const os::ExitStatus& status, int messages, SetAside::Level level) {
  const RelativeCommand& relative = *command_.decision.relative;
  // Opened anew: its own offset is where distcc ended.
  const std::string text = os::read_file(fmt::format("/proc/self/fd/{}", messages)).value_or("");
  if (!status.success() && text.find("-prefix-map=") != std::string::npos && !fallback_forbidden()) {
    const std::string why = "the compiler does not know -ffile-prefix-map=";
    record_.set_reason(FallbackReason::RemoteFailed, why);
    const os::ExitStatus here = run_here();
    if (here.success()) set_aside(level, why);
    record_.write(here.success() ? insight::Outcome::Local : insight::Outcome::Failed);
    end_like(here);
  }
  if (!text.empty()) (void)os::write_all(STDERR_FILENO, absolute_messages(text, relative.root));
}

void DistccOutcome::follow(const os::ExitStatus& status, const distcc::DistccResult& result, bool pump_mode,
                           SetAside::Level level) {
  const os::Environment& environment = command_.context.environment;
  if (result.failed_remotely)
    distcc::lift_backoff(environment, result.failed_host, command_.session_directory);
  if (distcc_failed(status) && !fallback_forbidden()) {
    const std::string last = result.complaints.empty() ? "" : ": " + result.complaints.back();
    compile_here(FallbackReason::DistccFailed,
                 fmt::format("distcc ended with {}{}", status.shell_code(), last));
  }
  explain(result);
  if (status.success()) {
    if (!result.complaints.empty()) notes_.add(command_.decision.source, result.complaints.front());
    if (result.includes_unknown && result.host != "localhost" && !result.failed_remotely) {
      const std::string reason = why_unknown(result);
      const bool wrong = std::any_of(kNotForPlainMode.begin(), kNotForPlainMode.end(),
                                     [&](std::string_view start) { return reason.starts_with(start); });
      if (wrong) compile_again(FallbackReason::IncludesUnknown, SetAside::Level::Plain, reason);
    }
    if (result.failed_remotely) set_aside(level, "it failed on " + result.failed_host + " and compiled here");
    const bool remote = pump_mode && result.host != "localhost" && !result.failed_remotely;
    if (remote || reworded(pump_mode)) {
      const auto repaired = object::repair_file(command_.decision.output, command_.decision.client);
      const Status corrected = repaired ? correct_dependencies() : Status();
      if (!repaired || !corrected) {
        const std::string why = repaired ? corrected.error().message : repaired.error().message;
        if (!repaired && repaired.error().code == ENOTSUP) set_compiler_aside(why);
        // In plain mode clang's object would be another one, too.
        compile_again(repaired ? FallbackReason::DependenciesUnlike : FallbackReason::DebugUnrepairable,
                      command_.decision.clang_debug ? SetAside::Level::Plain : level, why);
      }
    }
  } else if (fallback_forbidden()) {
    for (const std::string& line : result.complaints) (void)os::write_all(STDERR_FILENO, line + "\n");
  }
  record_.set_host(result.host == "localhost" ? "" : result.host);
  record_.write(outcome(status, result, pump_mode));
  end_like(status);
}

}  // namespace pump::launcher
