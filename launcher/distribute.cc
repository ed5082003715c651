#include "launcher/distribute.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>

#include "launcher/compiler_word.h"
#include "launcher/distcc_log.h"
#include "launcher/include_server.h"
#include "launcher/run.h"
#include "launcher/search_variables.h"
#include "launcher/session_notes.h"
#include "pump/hosts/find_hosts.h"
#include "pump/hosts/hosts.h"
#include "pump/os/file_io.h"

namespace pump::launcher {
namespace {

/// Settings and directory of the session; none where the environment makes no sense or the directory is
/// hostile.
struct Session {
  session::Settings settings;
  session::Directory directory;
};

Expected<Session> open_session(const os::Environment& environment) {
  PUMP_TRY(session::Settings settings, session::read_settings(environment));
  PUMP_TRY(session::Directory directory, session::Directory::open(settings));
  return Session{std::move(settings), std::move(directory)};
}

/// Everything about one command on its way to distcc.
class Journey {
 public:
  Journey(const Decision& decision, const std::vector<std::string>& argv, const Surroundings& surroundings)
      : decision_(decision),
        argv_(argv),
        surroundings_(surroundings),
        session_(open_session(surroundings.environment)) {
    if (session_) notes_ = SessionNotes(session_->directory);
  }

  int run();

 private:
  int compile_here() const { return become_compiler(argv_, surroundings_.environment); }
  Expected<hosts::FoundHosts> find_hosts(const std::string& distcc_directory) const;
  os::Environment distcc_environment(const hosts::FoundHosts& found);
  int follow(const DistccCommand& command, const DistccLog& log) const;
  [[nodiscard]] bool may_compile_here_after(const os::ExitStatus& status) const;

  const Decision& decision_;
  const std::vector<std::string>& argv_;
  const Surroundings& surroundings_;
  Expected<Session> session_;
  SessionNotes notes_;
  std::optional<IncludeServer> server_;
};

Expected<hosts::FoundHosts> Journey::find_hosts(const std::string& distcc_directory) const {
  hosts::FindHostsOptions options;
  options.cwd = surroundings_.cwd;
  options.session_directory = session_ ? session_->directory.path() : std::string();
  options.distcc_directory = distcc_directory;
  return hosts::find_hosts(surroundings_.environment, options);
}

os::Environment Journey::distcc_environment(const hosts::FoundHosts& found) {
  os::Environment environment = surroundings_.environment;
  for (const std::string& variable : search_variables()) environment.unset(variable);
  if (const auto path = path_without_masquerade(environment.get_or("PATH", "")))
    environment.set("PATH", *path);
  for (const char* variable : {"INCLUDE_SERVER_PORT", "INCLUDE_SERVER_DIR", "INCLUDE_SERVER_PID"})
    environment.unset(variable);
  if (!decision_.preprocessed && found.list.pump_hosts() > 0 && session_) {
    auto joined = join_include_server(surroundings_.environment, session_->settings, session_->directory);
    if (joined)
      server_ = *std::move(joined);
    else
      notes_.add(decision_.source, "plain mode, no include server: " + joined.error().message);
  }
  if (!server_) {
    // Pump mode without a server is plain mode after a warning for each file.
    environment.set("DISTCC_HOSTS", plain_hosts(found.list.text));
    return environment;
  }
  environment.set("DISTCC_HOSTS", found.list.text);
  environment.set("INCLUDE_SERVER_PORT", server_->socket);
  environment.set("INCLUDE_SERVER_DIR", server_->directory);
  environment.set("INCLUDE_SERVER_PID", server_->pid);
  return environment;
}

/// distcc's own failures (its exit codes begin at 100, no compiler uses them) and crashes.
bool Journey::may_compile_here_after(const os::ExitStatus& status) const {
  if (surroundings_.environment.get_or("DISTCC_FALLBACK", "") == "0") return false;
  const bool crashed = status.signal == SIGSEGV || status.signal == SIGABRT || status.signal == SIGBUS ||
                       status.signal == SIGFPE || status.signal == SIGILL;
  return crashed || (status.signal == 0 && status.code >= 100);
}

int Journey::follow(const DistccCommand& command, const DistccLog& log) const {
  const auto status = run_distcc(command);
  if (!status) {
    notes_.add(decision_.source, "compiled here: " + status.error().message);
    return compile_here();
  }
  // Here the launcher still stands beside the command, with the decision, distcc's log and its status in
  // hand. What belongs here as well, in this order: repair of the object's debug information, quarantine, the
  // record.
  const std::vector<std::string> lines = complaints(log.read());
  if (may_compile_here_after(*status)) {
    notes_.add(decision_.source, fmt::format("compiled here, distcc ended with {}{}{}", status->shell_code(),
                                             lines.empty() ? "" : ": ", lines.empty() ? "" : lines.back()));
    return compile_here();
  }
  if (status->success()) {
    if (!lines.empty()) notes_.add(decision_.source, lines.front());
  } else if (surroundings_.environment.get_or("DISTCC_FALLBACK", "") == "0") {
    for (const std::string& line : lines) (void)os::write_all(STDERR_FILENO, line + "\n");
  }
  end_like(*status);
}

int Journey::run() {
  const auto self = os::self_executable();
  const auto distcc = hosts::find_distcc_directory(surroundings_.environment, self ? *self : std::string());
  if (!distcc) {
    notes_.add_once(name(LocalReason::NoDistcc), decision_.source, distcc.error().message);
    return compile_here();
  }
  const auto found = find_hosts(*distcc);
  if (!found) {
    notes_.add_once(name(LocalReason::NoHosts), decision_.source, found.error().message);
    return compile_here();
  }
  if (!session_)
    notes_.add(decision_.source, session_.error().message);
  else
    session_->settings.distcc_directory = *distcc;
  os::Environment environment = distcc_environment(*found);
  const DistccLog log = DistccLog::capture(environment);
  return follow({*distcc + "/distcc", decision_.words, std::move(environment)}, log);
}

}  // namespace

int distribute(const Decision& decision, const std::vector<std::string>& argv,
               const Surroundings& surroundings) {
  return Journey(decision, argv, surroundings).run();
}

std::string plain_hosts(std::string_view hosts) {
  constexpr std::string_view kBlank = " \t\r\n\f\v";
  std::string plain;
  while (true) {
    hosts.remove_prefix(std::min(hosts.find_first_not_of(kBlank), hosts.size()));
    if (hosts.empty()) return plain;
    std::string_view word = hosts.substr(0, hosts.find_first_of(hosts.front() == '#' ? "\n" : kBlank));
    hosts.remove_prefix(word.size());
    if (word.starts_with('#')) continue;
    if (!plain.empty()) plain += ' ';
    plain += word.substr(0, word.find(','));
    while (word.find(',') != std::string_view::npos) {
      word.remove_prefix(word.find(',') + 1);
      const std::string_view part = word.substr(0, word.find(','));
      if (part != "cpp") (plain += ',') += part;
    }
  }
}

}  // namespace pump::launcher
