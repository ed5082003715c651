// The verbs that only report: --version, --jobs, --status, --why.
#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "pump/cli/build.h"
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
  PUMP_TRY(const os::Captured captured, os::run(std::move(options), kPatience));
  return captured.out.substr(0, captured.out.find('\n'));
}

Status print_version(const os::Environment& environment) {
  const auto directory = distcc_directory(environment);
  std::string found = directory ? *directory + "/distcc" : "none";
  if (directory) {
    const auto text = distcc_version(found);
    found += text && !text->empty() ? fmt::format(" ({})", *text) : " (it does not run)";
  }
  PUMP_CHECK(print(fmt::format("pump {}\ndistcc: {}\n", kVersion, found)));
  return {};
}

/// The hosts that `pump COMMAND` would use now; if there are none, those of pump-launch in this directory.
Expected<distcc::HostList> command_hosts(const os::Environment& environment, const std::string& distcc) {
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

/// The hosts that pump-launch would use in `directory`.
Expected<distcc::HostList> launcher_hosts(const os::Environment& environment, const std::string& distcc,
                                          const std::string& directory) {
  std::error_code code;
  const std::filesystem::path path = std::filesystem::canonical(directory, code);
  if (code || !std::filesystem::is_directory(path, code))
    return fail(
        fmt::format("--jobs: {} is not a directory; name the build directory of a CMake build", directory));
  PUMP_TRY(hosts::FoundHosts found,
           hosts::find_hosts(environment,
                             {.cwd = path.string(), .session_directory = {}, .distcc_directory = distcc}));
  return std::move(found.list);
}

unsigned sum_of_limits(const distcc::HostList& list) {
  unsigned number = list.jobs();
  if (number == 0)  // no remote host answers: the jobs of this machine
    for (const distcc::Host& host : list.hosts) number += host.limit;
  return number;
}

Status print_jobs(const os::Environment& environment, const Arguments& arguments) {
  PUMP_TRY(const std::string distcc, distcc_directory(environment));
  PUMP_TRY(const distcc::HostList list, arguments.words.empty()
                                            ? command_hosts(environment, distcc)
                                            : launcher_hosts(environment, distcc, arguments.words.front()));
  const unsigned number = sum_of_limits(list);
  if (!arguments.json) return print(fmt::format("{}\n", number));
  const nlohmann::json object = {
      {"jobs", number}, {"remote_hosts", list.remote_hosts()}, {"pump_hosts", list.pump_hosts()}};
  return print(object.dump() + "\n");
}

Status print_status(const os::Environment& environment, bool json) {
  PUMP_TRY(const session::Settings settings, session::read_settings(environment));
  PUMP_TRY(const insight::SessionStatus found,
           insight::session_status(settings, insight::records_directory(environment)));
  return print(json ? insight::to_json(found) : insight::to_text(found));
}

Status print_why(const os::Environment& environment, const std::vector<std::string>& files) {
  const auto directory = insight::records_directory(environment);
  if (!directory)
    return fail("no records are kept: unset PUMP_RECORD, or set HOME or XDG_STATE_HOME to an absolute path");
  std::optional<std::string> file;
  if (!files.empty()) file = files.front();
  std::error_code ignored;
  const std::string cwd = std::filesystem::current_path(ignored).string();
  return print(insight::why(insight::read_records(*directory), file, cwd));
}

}  // namespace

int version(const Arguments& /*arguments*/) {
  return exit_with(print_version(os::Environment::current()));
}
int jobs(const Arguments& arguments) {
  return exit_with(print_jobs(environment_for(arguments), arguments));
}
int why(const Arguments& arguments) {
  return exit_with(print_why(os::Environment::current(), arguments.words));
}
int status(const Arguments& arguments) {
  return exit_with(print_status(environment_for(arguments), arguments.json));
}

}  // namespace pump::cli
