// The verbs that only tell: --version, --jobs, --status.
#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>

#include "pump/cli/join.h"
#include "pump/cli/verbs.h"
#include "pump/cli/version.h"
#include "pump/hosts/hosts.h"
#include "pump/insight/status.h"
#include "pump/os/file_io.h"

namespace pump::cli {
namespace {

int exit_with(const Status& status) {
  if (status) return EXIT_SUCCESS;
  Messages::error(status.error().message);
  return EXIT_FAILURE;
}

Expected<std::string> distcc_directory(const os::Environment& environment) {
  return hosts::find_distcc_directory(environment, os::self_executable().value_or(""));
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

Status tell_jobs(const os::Environment& environment) {
  PUMP_TRY(const std::string directory, distcc_directory(environment));
  PUMP_TRY(hosts::HostsChoice choice, hosts::HostsChoice::begin(environment, directory));
  if (!choice.notice().empty()) Messages::warning(choice.notice());
  PUMP_TRY(const hosts::ChosenHosts chosen, choice.finish(true));
  if (!chosen.warning.empty()) Messages::warning(chosen.warning);
  unsigned number = chosen.list.jobs();
  if (number == 0)  // nobody answers: this machine's share
    for (const hosts::Host& host : chosen.list.hosts) number += host.limit;
  return print(fmt::format("{}\n", number));
}

Status tell_status(const os::Environment& environment, bool json) {
  PUMP_TRY(const session::Settings settings, session::read_settings(environment));
  PUMP_TRY(const insight::SessionStatus seen, insight::look_at_session(settings));
  return print(json ? insight::to_json(seen) : insight::to_text(seen));
}

}  // namespace

int version() {
  return exit_with(tell_version(os::Environment::current()));
}
int jobs(const Arguments& arguments) {
  return exit_with(tell_jobs(environment_for(arguments)));
}
int status(const Arguments& arguments) {
  return exit_with(tell_status(environment_for(arguments), arguments.json));
}

}  // namespace pump::cli
