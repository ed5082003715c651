// The verbs that only tell: --version, --jobs, --status, --why.
#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "pump/cli/join.h"
#include "pump/cli/verbs.h"
#include "pump/cli/version.h"
#include "pump/distcc/find_distcc.h"
#include "pump/distcc/hosts.h"
#include "pump/hosts/find_hosts.h"
#include "pump/insight/records.h"
#include "pump/insight/status.h"
#include "pump/insight/why.h"
#include "pump/os/file_io.h"

namespace pump::cli {
namespace {

int exit_with(const Status& status) {
  if (status) return EXIT_SUCCESS;
  Messages::error(status.error().message);
  return EXIT_FAILURE;
}

Expected<std::string> distcc_directory(const os::Environment& environment) {
  return distcc::find_distcc_directory(environment, os::self_executable().value_or(""));
}

/// First line of `distcc --version`: "distcc 3.4 x86_64-pc-linux-gnu".
Expected<std::string> distcc_version(const std::string& program) {
  constexpr std::chrono::seconds kPatience(10);
  os::SpawnOptions options;
  options.program = program;
  options.argv = {program, "--version"};
  PUMP_TRY(const os::Captured said, os::run(std::move(options), kPatience));
  return said.out.substr(0, said.out.find('\n'));
}

Status tell_version(const os::Environment& environment) {
  const auto directory = distcc_directory(environment);
  std::string found = directory ? *directory + "/distcc" : "none";
  if (directory) {
    const auto said = distcc_version(found);
    found += said && !said->empty() ? fmt::format(" ({})", *said) : " (it does not run)";
  }
  PUMP_CHECK(print(fmt::format("pump {}\ndistcc: {}\n", kVersion, found)));
  return {};
}

/// The hosts of a `pump COMMAND` that would start now; where it has none, those of pump-launch here.
Expected<distcc::HostList> hosts_of_a_command(const os::Environment& environment, const std::string& distcc) {
  auto choice = hosts::HostsChoice::begin(environment, distcc);
  if (!choice) {
    std::error_code code;
    auto found = hosts::find_hosts(environment, {.cwd = std::filesystem::current_path(code).string(),
                                                 .session_directory = {},
                                                 .distcc_directory = distcc});
    if (!found) return tl::unexpected(choice.error());
    return std::move(found->list);
  }
  if (!choice->notice().empty()) Messages::warning(choice->notice());
  PUMP_TRY(hosts::ChosenHosts chosen, choice->finish(true));
  if (!chosen.warning.empty()) Messages::warning(chosen.warning);
  return std::move(chosen.list);
}

/// Those of pump-launch in `directory`.
Expected<distcc::HostList> hosts_of_a_directory(const os::Environment& environment, const std::string& distcc,
                                                const std::string& directory) {
  std::error_code code;
  const std::filesystem::path path = std::filesystem::canonical(directory, code);
  if (code || !std::filesystem::is_directory(path, code))
    return fail(
        fmt::format("--jobs: {} is no directory (of a CMake build, for its distcc-pump.conf)", directory));
  PUMP_TRY(hosts::FoundHosts found,
           hosts::find_hosts(environment,
                             {.cwd = path.string(), .session_directory = {}, .distcc_directory = distcc}));
  return std::move(found.list);
}

unsigned sum_of_limits(const distcc::HostList& list) {
  unsigned number = list.jobs();
  if (number == 0)  // nobody answers: this machine's share
    for (const distcc::Host& host : list.hosts) number += host.limit;
  return number;
}

Status tell_jobs(const os::Environment& environment, const Arguments& arguments) {
  PUMP_TRY(const std::string distcc, distcc_directory(environment));
  PUMP_TRY(const distcc::HostList list,
           arguments.command.empty() ? hosts_of_a_command(environment, distcc)
                                     : hosts_of_a_directory(environment, distcc, arguments.command.front()));
  const unsigned number = sum_of_limits(list);
  if (!arguments.json) return print(fmt::format("{}\n", number));
  const nlohmann::json told = {
      {"jobs", number}, {"remote_hosts", list.remote_hosts()}, {"pump_hosts", list.pump_hosts()}};
  return print(told.dump() + "\n");
}

Status tell_status(const os::Environment& environment, bool json) {
  PUMP_TRY(const session::Settings settings, session::read_settings(environment));
  PUMP_TRY(const insight::SessionStatus seen,
           insight::session_status(settings, insight::records_directory(environment)));
  return print(json ? insight::to_json(seen) : insight::to_text(seen));
}

Status tell_why(const os::Environment& environment, const std::vector<std::string>& files) {
  const auto directory = insight::records_directory(environment);
  if (!directory)
    return fail("no records are kept: PUMP_RECORD=0, or neither XDG_STATE_HOME nor HOME is set");
  std::optional<std::string> file;
  if (!files.empty()) file = files.front();
  std::error_code ignored;
  const std::string cwd = std::filesystem::current_path(ignored).string();
  return print(insight::why(insight::read_records(*directory), file, cwd));
}

}  // namespace

int version() {
  return exit_with(tell_version(os::Environment::current()));
}
int jobs(const Arguments& arguments) {
  return exit_with(tell_jobs(environment_for(arguments), arguments));
}
int why(const Arguments& arguments) {
  return exit_with(tell_why(os::Environment::current(), arguments.command));
}
int status(const Arguments& arguments) {
  return exit_with(tell_status(environment_for(arguments), arguments.json));
}

}  // namespace pump::cli
