#include "launcher/run/distribute.h"

#include <sys/mman.h>

#include <algorithm>
#include <optional>

#include "launcher/decide/search_variables.h"
#include "launcher/decide/wrappers.h"
#include "launcher/report/record.h"
#include "launcher/report/session_notes.h"
#include "launcher/run/distcc_outcome.h"
#include "launcher/run/include_server.h"
#include "launcher/run/local_fallback.h"
#include "launcher/run/local_jobs.h"
#include "launcher/run/local_slot.h"
#include "launcher/run/run.h"
#include "launcher/run/set_aside.h"
#include "pump/distcc/client_slots.h"
#include "pump/distcc/distcc_log.h"
#include "pump/distcc/find_distcc.h"
#include "pump/hosts/find_hosts.h"
#include "pump/os/file_io.h"
#include "pump/os/unique_fd.h"

namespace pump::launcher {
namespace {

/// Settings and directory of the session.
struct Session {
  session::Settings settings;
  session::Directory directory;
};

/// Error: the environment has invalid settings, or the directory is not safe to use.
Expected<Session> open_session(const os::Environment& environment) {
  PUMP_TRY(session::Settings settings, session::read_settings(environment));
  PUMP_TRY(session::Directory directory, session::Directory::open(settings));
  return Session{std::move(settings), std::move(directory)};
}

/// Runs one command by distcc.
class DistccRun {
 public:
  DistccRun(const Decision& decision, const std::vector<std::string>& argv, const CommandContext& context)
      : decision_(decision),
        context_(context),
        session_(open_session(context.environment)),
        record_(decision, context),
        command_{decision, argv, context, session_ ? session_->directory.path() : std::string()},
        fallback_(command_, notes_, set_aside_, record_) {
    if (!session_) return;
    notes_ = SessionNotes(session_->directory);
    set_aside_ = SetAside(session_->directory.path(), context.cwd, decision.words);
    record_.set_session(session_->directory.path());
  }
  DistccRun(const DistccRun&) = delete;
  DistccRun& operator=(const DistccRun&) = delete;

  int run();

 private:
  /// Becomes the compiler. `reason` holds for every command, so the session's log gets it only once an hour.
  int run_locally(LocalReason reason, const Error& error);
  Expected<hosts::FoundHosts> find_hosts(const std::string& distcc_directory) const;
  /// Compiles here and ends the process if the command, or all of its compiler with -g, is set aside that
  /// far.
  void compile_here_if_set_aside(SetAside::Level level);
  /// The include server for distcc. Nothing for plain mode; then the record gets the reason.
  std::optional<IncludeServer> join_server(const hosts::FoundHosts& found, SetAside::Level level);
  /// distcc's environment with the hosts, and with `server_` if there is one.
  os::Environment distcc_environment(const hosts::FoundHosts& found) const;

  const Decision& decision_;
  const CommandContext& context_;
  Expected<Session> session_;
  SessionNotes notes_;
  SetAside set_aside_;
  CommandRecord record_;
  DistributedCommand command_;
  LocalFallback fallback_;
  std::optional<IncludeServer> server_;
};

Expected<hosts::FoundHosts> DistccRun::find_hosts(const std::string& distcc_directory) const {
  hosts::FindHostsOptions options;
  options.cwd = context_.cwd;
  options.session_directory = session_ ? session_->directory.path() : std::string();
  options.distcc_directory = distcc_directory;
  return hosts::find_hosts(context_.environment, options);
}

std::optional<IncludeServer> DistccRun::join_server(const hosts::FoundHosts& found, SetAside::Level level) {
  if (decision_.plain) {
    record_.set_reason(*decision_.plain);
  } else if (level == SetAside::Level::Plain) {
    record_.set_reason(FallbackReason::SetAside, set_aside_.reason());
  } else if (found.list.pump_hosts() == 0) {
    record_.set_reason(FallbackReason::NoPumpHost, found.list.text);
  } else if (!session_) {
    record_.set_reason(FallbackReason::NoIncludeServer, session_.error().message);
  } else {
    auto joined = join_include_server(context_.environment, session_->settings, session_->directory);
    if (joined) return *std::move(joined);
    notes_.add(decision_.source, "plain mode, no include server: " + joined.error().message);
    record_.set_reason(FallbackReason::NoIncludeServer, joined.error().message);
  }
  return {};
}

os::Environment DistccRun::distcc_environment(const hosts::FoundHosts& found) const {
  os::Environment environment = context_.environment;
  for (const std::string& variable : search_variables()) environment.unset(variable);
  if (const auto path = path_without_masquerade(environment.get_or("PATH", "")))
    environment.set("PATH", *path);
  for (const char* variable : {"INCLUDE_SERVER_PORT", "INCLUDE_SERVER_DIR", "INCLUDE_SERVER_PID"})
    environment.unset(variable);
  distcc::set_pause(environment, found.list);
  // distcc itself compiles here after a failure, with local slots of its own.
  const unsigned jobs = local_jobs(context_.environment).number;
  const std::string options = distcc::local_slot_options(found.list, server_.has_value(), jobs);
  if (!server_) {
    // With pump-mode hosts and no server distcc warns for each file and then uses plain mode.
    environment.set("DISTCC_HOSTS", options + found.list.plain);
    return environment;
  }
  environment.set("DISTCC_HOSTS", options + found.list.text);
  environment.set("INCLUDE_SERVER_PORT", server_->socket);
  environment.set("INCLUDE_SERVER_DIR", server_->directory);
  environment.set("INCLUDE_SERVER_PID", server_->pid);
  return environment;
}

int DistccRun::run_locally(LocalReason reason, const Error& error) {
  notes_.add_once(name(reason), decision_.source, error.message);
  record_.set_reason(reason, error.message);
  record_.write(insight::Outcome::Local, false);
  take_local_slot(context_.environment);
  return become_compiler(command_.argv, context_.environment);
}

void DistccRun::compile_here_if_set_aside(SetAside::Level level) {
  if (level == SetAside::Level::Local) fallback_.compile(FallbackReason::SetAside, set_aside_.reason());
  if (!session_ || !decision_.clang_debug) return;
  SetAside compiler = compiler_with_debug(session_->directory.path(), decision_.words.front());
  if (compiler.read() == SetAside::Level::Local)
    fallback_.compile(FallbackReason::SetAside, compiler.reason());
}

int DistccRun::run() {
  const auto self = os::self_executable();
  const auto distcc = distcc::find_distcc_directory(context_.environment, self ? *self : std::string());
  if (!distcc) return run_locally(LocalReason::NoDistcc, distcc.error());
  const auto found = find_hosts(*distcc);
  if (!found) return run_locally(LocalReason::NoHosts, found.error());
  if (!session_)
    notes_.add(decision_.source, session_.error().message);
  else
    session_->settings.distcc_directory = *distcc;
  const SetAside::Level level = set_aside_.read();
  compile_here_if_set_aside(level);
  server_ = join_server(*found, level);
  os::Environment environment = distcc_environment(*found);
  const distcc::DistccLog log = distcc::DistccLog::capture(environment);
  // Without an include server the compiler preprocesses here, with the names of the original command.
  os::UniqueFd messages;
  if (decision_.relative && server_) messages = os::UniqueFd(::memfd_create("messages", MFD_CLOEXEC));
  const bool relative = static_cast<bool>(messages);
  const auto status = run_distcc({*distcc + "/distcc", relative ? decision_.relative->words : decision_.words,
                                  std::move(environment), messages.get()},
                                 [this] { record_.prepare(); });
  if (!status) fallback_.compile(FallbackReason::DistccFailed, status.error().message);
  DistccOutcome outcome(command_, {*status, server_.has_value(), level, distcc::parse_distcc_log(log.read())},
                        fallback_, notes_, record_);
  if (relative) outcome.print_messages(messages.get());
  outcome.finish();
}

}  // namespace

int distribute(const Decision& decision, const std::vector<std::string>& argv,
               const CommandContext& context) {
  return DistccRun(decision, argv, context).run();
}

}  // namespace pump::launcher
