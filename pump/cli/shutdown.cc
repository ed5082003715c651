#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>

#include "pump/cli/build_directory.h"
#include "pump/cli/leave.h"
#include "pump/cli/verbs.h"
#include "pump/os/file_io.h"

namespace pump::cli {
namespace {

int not_running(const std::string& directory) {
  Messages::warning(
      fmt::format("nothing to shut down: the include server of {} has been shut down already", directory));
  return EXIT_SUCCESS;  // as the classic command answers
}

}  // namespace

int shutdown() {
  const os::Environment environment = os::Environment::current();
  const Messages messages(environment, STDOUT_FILENO);
  if (!environment.has("INCLUDE_SERVER_DIR") || !environment.has("INCLUDE_SERVER_PID")) {
    Messages::error(
        "INCLUDE_SERVER_DIR and INCLUDE_SERVER_PID are not set here: `eval \"$(pump --startup)\"` sets them");
    return EXIT_FAILURE;
  }
  const std::string path(environment.get_or("INCLUDE_SERVER_DIR", ""));
  const auto record = read_startup_record(path);
  if (!record) {
    if (record.error().code == ENOENT) return not_running(path);
    Messages::error(record.error().message);
    return EXIT_FAILURE;
  }
  report_discrepancies(path);
  const auto removed = session::remove_pin(record->session_directory, record->pin);
  static_cast<void>(os::remove_tree(path));
  if (!removed) {
    Messages::error(removed.error().message);
    return EXIT_FAILURE;
  }
  if (!*removed) return not_running(path);
  const auto session = session::Directory::at(record->session_directory);
  if (session)
    tell_end(*session, true, {}, messages);
  else
    Messages::warning(session.error().message);
  return EXIT_SUCCESS;
}

}  // namespace pump::cli
