#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "pump/cli/build.h"
#include "pump/cli/verbs.h"
#include "pump/os/shell_quote.h"

namespace pump::cli {
namespace {

/// The environment of COMMAND as `export` lines.
std::string exports(Build& build) {
  os::Environment& environment = build.environment;
  // distcc does not read its hosts file if DISTCC_HOSTS is set but empty, and an export cannot unset it. So
  // it gets the content of the file.
  if (!environment.get("DISTCC_HOSTS") && os::Environment::current().get("DISTCC_HOSTS")) {
    std::string list = build.hosts.list.text;
    std::replace(list.begin(), list.end(), '\n', ' ');
    environment.set("DISTCC_HOSTS", list);
  }
  std::string text;
  for (const std::string& name : exported_variables())
    if (const auto value = environment.get(name))
      text += "export " + name + "=" + os::shell_quote(*value) + "\n";
  return text;
}

/// Leaves a pin that keeps the server, and prints the variables.
Status pin_and_print(Build& build) {
  Membership& member = *build.membership;
  PUMP_TRY(const std::string pin, session::add_pin(member.client));
  Status done = member.directory.leave_to({member.client.directory().path(), pin});
  // stdout comes last: by then its content is true. If it cannot be written, nothing is left.
  if (done) done = print(exports(build));
  if (!done) static_cast<void>(session::remove_pin(member.client.directory().path(), pin));
  return done;
}

}  // namespace

int startup(const Arguments& arguments) {
  const Messages messages(os::Environment::current(), STDERR_FILENO);
  auto build = join(arguments, messages);
  if (!build) {
    Messages::error(build.error().message);
    return EXIT_FAILURE;
  }
  if (!build->membership) {
    Messages::error("no variables were printed, because the include server does not run");
    return EXIT_FAILURE;
  }
  const Status pinned = pin_and_print(*build);
  if (pinned) return EXIT_SUCCESS;
  Messages::error(pinned.error().message);
  return EXIT_FAILURE;
}

}  // namespace pump::cli
