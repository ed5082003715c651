// The verbs that only report: --version, --status, --why.
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "pump/cli/build.h"
#include "pump/cli/verbs.h"
#include "pump/cli/version.h"
#include "pump/distcc/find_distcc.h"
#include "pump/insight/records.h"
#include "pump/insight/status.h"
#include "pump/insight/why.h"
#include "pump/os/file_io.h"
#include "pump/os/format.h"

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
    found += text && !text->empty() ? os::format(" ({})", *text) : " (it does not run)";
  }
  PUMP_CHECK(print(os::format("pump {}\ndistcc: {}\n", kVersion, found)));
  return {};
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
int why(const Arguments& arguments) {
  return exit_with(print_why(os::Environment::current(), arguments.words));
}
int status(const Arguments& arguments) {
  return exit_with(print_status(environment_for(arguments), arguments.json));
}

}  // namespace pump::cli
