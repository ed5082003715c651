// What `pump COMMAND` and `pump --startup` share: a build finds distcc, chooses hosts, joins the session,
// makes its build directory and puts together the environment that distcc needs. At its end it leaves the
// session. Main thread.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "pump/cli/arguments.h"
#include "pump/cli/build_directory.h"
#include "pump/cli/messages.h"
#include "pump/hosts/choose_hosts.h"
#include "pump/os/environment.h"
#include "pump/os/error.h"
#include "pump/session/session.h"

namespace pump::cli {

/// A build's membership in the session: it is a client for as long as this object exists.
struct Membership {
  session::Settings settings;
  session::Client client;
  session::Server server;
  BuildDirectory directory;
};

struct Build {
  std::string distcc_directory;
  hosts::ChosenHosts hosts;
  /// Unset if there is no include server; the build then runs without pump mode.
  std::optional<Membership> membership;
  std::string no_server_reason;  ///< why `membership` is unset
  os::Environment environment;   ///< for COMMAND
};

/// The current environment with --include-server as PUMP_INCLUDE_SERVER and --no-record as PUMP_RECORD.
os::Environment environment_for(const Arguments& arguments);

/// Starts a build and prints its progress. An include server that cannot start is not an error: see Build.
/// Errors (exit 1): no distcc, no usable hosts, a malformed DISTCC_MAX_DISCREPANCY.
Expected<Build> join(const Arguments& arguments, const Messages& messages);

/// The variables that join() may set, in the order in which --startup prints them.
std::vector<std::string> exported_variables();

/// Ends a build: reports its discrepancies, removes its directory, leaves the session. With a linger of 0 it
/// waits until the include server has ended.
void leave(Build build, const Messages& messages);

/// Warns about compilations of a build that failed remotely but succeeded here, if there are any.
void report_discrepancies(const std::string& build_directory);

/// Reports what happens to the server after a client or pin was removed. `at_once`: first stops the server if
/// it has no other client, and waits up to 10 s for its end; otherwise it stays for `linger`.
void report_departure(const session::Directory& directory, bool at_once, std::chrono::milliseconds linger,
                      const Messages& messages);

}  // namespace pump::cli
