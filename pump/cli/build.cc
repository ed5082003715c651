#include "pump/cli/build.h"

#include <unistd.h>

#include <cerrno>
#include <charconv>

#include "pump/distcc/client_slots.h"
#include "pump/distcc/find_distcc.h"
#include "pump/os/file_io.h"
#include "pump/os/format.h"

namespace pump::cli {
namespace {

/// A DISTCC_MAX_DISCREPANCY that no build reaches; distcc reads it into an int. distcc's default is 1: after
/// the first file that fails remotely but compiles here, it compiles the rest of the build in plain mode.
constexpr char kNeverDemote[] = "1000000000";

Status check_max_discrepancy(const os::Environment& environment) {
  const std::string_view text = environment.get_or("DISTCC_MAX_DISCREPANCY", "");
  if (text.empty()) return {};
  int value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (code == std::errc() && end == text.data() + text.size() && value >= 1) return {};
  return fail(os::format("DISTCC_MAX_DISCREPANCY is \"{}\"; it must be a number of 1 or more", text));
}

Expected<Membership> become_member(const os::Environment& environment, const std::string& distcc_directory) {
  PUMP_TRY(session::Settings settings, session::read_settings(environment));
  settings.distcc_directory = distcc_directory;
  PUMP_TRY(const session::Directory directory, session::Directory::open(settings));
  PUMP_TRY(session::Client client, session::Client::join(directory));
  PUMP_TRY(const session::Server server, session::ensure_server(client, settings));
  PUMP_TRY(BuildDirectory build, BuildDirectory::create(directory, settings));
  return Membership{std::move(settings), std::move(client), server, std::move(build)};
}

void prepend_to_path(os::Environment& environment, const std::string& directory) {
  const std::string path(environment.get_or("PATH", ""));
  if (path == directory || path.starts_with(directory + ":")) return;
  environment.set("PATH", path.empty() ? directory : directory + ":" + path);
}

void set_variables(Build& build) {
  os::Environment& environment = build.environment;
  prepend_to_path(environment, build.distcc_directory);
  distcc::set_pause(environment, build.hosts.list);
  if (build.hosts.value)
    environment.set(
        "DISTCC_HOSTS",
        distcc::local_slot_options(build.hosts.list, build.membership.has_value()) + *build.hosts.value);
  else
    environment.unset("DISTCC_HOSTS");  // if it is set but empty, distcc does not read its hosts file
  if (!build.membership) {
    for (const char* name : {"INCLUDE_SERVER_PORT", "INCLUDE_SERVER_DIR", "INCLUDE_SERVER_PID"})
      environment.unset(name);
    return;
  }
  environment.set("INCLUDE_SERVER_PORT", build.membership->directory.socket());
  environment.set("INCLUDE_SERVER_DIR", build.membership->directory.path());
  environment.set("INCLUDE_SERVER_PID", std::to_string(build.membership->server.pid));
  if (!environment.has("DISTCC_MAX_DISCREPANCY")) environment.set("DISTCC_MAX_DISCREPANCY", kNeverDemote);
}

void report_server(const Build& build, const Messages& messages) {
  if (!build.membership) {
    constexpr std::string_view kProblem = "cannot start the include server";
    Messages::warning(build.no_server_reason.starts_with(kProblem)
                          ? build.no_server_reason
                          : os::format("{}: {}", kProblem, build.no_server_reason));
    return;
  }
  const Membership& member = *build.membership;
  messages.progress(os::format("{} the {} include server (process {})",
                               member.server.started_here ? "Started" : "Joined",
                               member.settings.backend == "python" ? "Python" : "native", member.server.pid));
}

}  // namespace

os::Environment environment_for(const Arguments& arguments) {
  os::Environment environment = os::Environment::current();
  // Launchers that COMMAND starts read it too: they must find the same session.
  if (arguments.include_server) environment.set("PUMP_INCLUDE_SERVER", *arguments.include_server);
  if (arguments.no_record) environment.set("PUMP_RECORD", "0");
  return environment;
}

std::vector<std::string> exported_variables() {
  return {"INCLUDE_SERVER_PID",
          "INCLUDE_SERVER_DIR",
          "INCLUDE_SERVER_PORT",
          "DISTCC_HOSTS",
          "DISTCC_MAX_DISCREPANCY",
          "DISTCC_PAUSE_TIME_MSEC",
          "PUMP_INCLUDE_SERVER",
          "PUMP_RECORD",
          "PATH"};
}

Expected<Build> join(const Arguments& arguments, const Messages& messages) {
  Build build;
  build.environment = environment_for(arguments);
  PUMP_CHECK(check_max_discrepancy(build.environment));
  PUMP_TRY(build.distcc_directory,
           distcc::find_distcc_directory(build.environment, os::self_executable().value_or("")));
  messages.progress("Using distcc from " + build.distcc_directory);

  PUMP_TRY(hosts::HostsChoice choice, hosts::HostsChoice::begin(build.environment, build.distcc_directory));
  if (!choice.notice().empty()) Messages::warning(choice.notice());
  auto membership = become_member(build.environment, build.distcc_directory);
  if (membership)
    build.membership.emplace(*std::move(membership));
  else
    build.no_server_reason = membership.error().message;
  PUMP_TRY(build.hosts, choice.finish(build.membership.has_value()));

  messages.progress(build.hosts.progress);
  if (!build.hosts.warning.empty()) Messages::warning(build.hosts.warning);
  report_server(build, messages);
  set_variables(build);
  return build;
}

void report_discrepancies(const std::string& build_directory) {
  const std::uint64_t count = discrepancies(build_directory);
  if (count == 0) return;
  Messages::warning(
      os::format("{} compilation{} failed on the remote host but succeeded here. distcc's messages above "
                 "(\"retried locally and got a different result\") name {}.",
                 count, count == 1 ? "" : "s", count == 1 ? "it" : "them"));
}

void leave(Build build, const Messages& messages) {
  if (!build.membership) return;
  report_discrepancies(build.membership->directory.path());
  const session::Directory directory = build.membership->client.directory();
  const std::chrono::milliseconds linger = build.membership->settings.linger;
  build.membership.reset();
  report_departure(directory, linger.count() == 0, linger, messages);
}

void report_departure(const session::Directory& directory, bool at_once, std::chrono::milliseconds linger,
                      const Messages& messages) {
  constexpr std::chrono::seconds kPatience(10);
  const auto seen = session::inspect(directory);
  const std::uint64_t others = seen ? seen->clients + seen->pins : 0;
  if (others > 0) {
    messages.progress(
        os::format("Left the include server to {} other client{}", others, others == 1 ? "" : "s"));
  } else if (!at_once) {
    messages.progress(os::format("Left the include server; it shuts down in {} s unless it is needed again",
                                 std::chrono::duration_cast<std::chrono::seconds>(linger).count()));
  } else if (const Status retired = session::retire_if_idle(directory, kPatience); retired) {
    messages.progress("Shut down the include server");
  } else if (retired.error().code == EBUSY) {
    messages.progress("Left the include server to another build that has just joined");
  } else {
    Messages::warning("the include server has not shut down: " + retired.error().message);
  }
}

}  // namespace pump::cli
