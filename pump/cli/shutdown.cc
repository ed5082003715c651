#include <unistd.h>

#include <cstdlib>

#include "pump/cli/build.h"
#include "pump/cli/build_directory.h"
#include "pump/cli/verbs.h"
#include "pump/os/file_io.h"
#include "pump/os/format.h"

namespace pump::cli {
namespace {

int already_shut_down(const std::string& directory) {
  Messages::warning(os::format("nothing to shut down: the build of {} has ended already", directory));
  return EXIT_SUCCESS;  // as distcc's pump command does
}

}  // namespace

int shutdown(const Arguments& /*arguments*/) {
  const os::Environment environment = os::Environment::current();
  const Messages messages(environment, STDOUT_FILENO);
  if (!environment.has("INCLUDE_SERVER_DIR") || !environment.has("INCLUDE_SERVER_PID")) {
    Messages::error(
        "INCLUDE_SERVER_DIR and INCLUDE_SERVER_PID are not set; set them with `eval \"$(pump --startup)\"`");
    return EXIT_FAILURE;
  }
  const std::string path(environment.get_or("INCLUDE_SERVER_DIR", ""));
  const auto record = read_startup_record(path);
  if (!record) {
    if (record.error().code == ENOENT) return already_shut_down(path);
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
  if (!*removed) return already_shut_down(path);
  const auto session = session::Directory::at(record->session_directory);
  if (session)
    report_departure(*session, true, {}, messages);
  else
    Messages::warning(session.error().message);
  return EXIT_SUCCESS;
}

}  // namespace pump::cli
