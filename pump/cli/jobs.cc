// pump --jobs: the number for -j, from the limits of the hosts.
#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "pump/cli/build.h"
#include "pump/cli/verbs.h"
#include "pump/distcc/find_distcc.h"
#include "pump/distcc/hosts.h"
#include "pump/hosts/find_hosts.h"
#include "pump/os/file_io.h"
#include "pump/os/format.h"

namespace pump::cli {
namespace {

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
        os::format("--jobs: {} is not a directory; name the build directory of a CMake build", directory));
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
  PUMP_TRY(const std::string distcc,
           distcc::find_distcc_directory(environment, os::self_executable().value_or("")));
  PUMP_TRY(const distcc::HostList list, arguments.words.empty()
                                            ? command_hosts(environment, distcc)
                                            : launcher_hosts(environment, distcc, arguments.words.front()));
  const unsigned number = sum_of_limits(list);
  if (!arguments.json) return print(os::format("{}\n", number));
  const nlohmann::json object = {
      {"jobs", number}, {"remote_hosts", list.remote_hosts()}, {"pump_hosts", list.pump_hosts()}};
  return print(object.dump() + "\n");
}

}  // namespace

int jobs(const Arguments& arguments) {
  const Status printed = print_jobs(environment_for(arguments), arguments);
  if (printed) return EXIT_SUCCESS;
  Messages::error(printed.error().message);
  return EXIT_FAILURE;
}

}  // namespace pump::cli
