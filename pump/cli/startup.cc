#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "pump/cli/join.h"
#include "pump/cli/leave.h"
#include "pump/cli/verbs.h"
#include "pump/os/shell_quote.h"

namespace pump::cli {
namespace {

/// `export` lines of what COMMAND would get.
std::string exports(Build& build) {
  os::Environment& environment = build.environment;
  // A DISTCC_HOSTS that is set but empty would keep distcc from its hosts file, and only exports may be
  // printed: so it gets what the file says.
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

Status leave_pinned(Build& build) {
  Membership& member = *build.membership;
  PUMP_TRY(const std::string pin, session::add_pin(member.client));
  Status left = member.directory.leave_to({member.client.directory().path(), pin});
  // stdout last: what it says must be true by then, and nothing is left behind if nobody reads it.
  if (left) left = print(exports(build));
  if (!left) static_cast<void>(session::remove_pin(member.client.directory().path(), pin));
  return left;
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
    Messages::error("nothing was exported");
    return EXIT_FAILURE;
  }
  const Status pinned = leave_pinned(*build);
  if (pinned) return EXIT_SUCCESS;
  Messages::error(pinned.error().message);
  return EXIT_FAILURE;
}

}  // namespace pump::cli
