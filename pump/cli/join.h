// What `pump COMMAND` and `pump --startup` have in common: find distcc, choose hosts, join the session, make
// the build's directory, and put together the environment that distcc needs. Main thread.
#pragma once

#include <optional>
#include <string>

#include "pump/cli/arguments.h"
#include "pump/cli/build_directory.h"
#include "pump/cli/messages.h"
#include "pump/hosts/choose_hosts.h"
#include "pump/os/environment.h"
#include "pump/os/error.h"
#include "pump/session/session.h"

namespace pump::cli {

/// A build's membership: a client of the session for as long as it exists.
struct Membership {
  session::Settings settings;
  session::Client client;
  session::Server server;
  BuildDirectory directory;
};

struct Build {
  std::string distcc_directory;
  hosts::ChosenHosts hosts;
  std::optional<Membership> membership;  ///< unset: no include server, the build runs unpumped
  std::string trouble;                   ///< … and why
  os::Environment environment;           ///< COMMAND's
};

/// The environment as it is, with --include-server in it as PUMP_INCLUDE_SERVER and --no-record as PUMP_RECORD.
os::Environment environment_for(const Arguments& arguments);

/// Does all of it, with progress on the way. An include server that cannot start is no error, see Build.
/// Errors (exit 1): no distcc, no usable hosts, a bad DISTCC_MAX_DISCREPANCY.
Expected<Build> join(const Arguments& arguments, const Messages& messages);

/// The variables that join() has set, in the order in which --startup prints them.
std::vector<std::string> exported_variables();

/// At the end of a build: the number of compilations that failed remotely but succeeded here, if there are
/// any.
void report_discrepancies(const std::string& build_directory);

}  // namespace pump::cli
