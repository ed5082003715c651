// The hosts of one compilation, for the launcher: found without a `pump COMMAND` around it, so that a build
// started by an IDE, which has no environment to speak of, distributes too.
//
// In this order: $DISTCC_HOSTS; distcc-pump.conf (below); $DISTCC_POTENTIAL_HOSTS through lsdistcc, whose
// answer is kept in the session directory for a minute; distcc's own hosts files, read directly. The first
// case costs no system call, the second one access(2) per directory above the working directory, and only
// lsdistcc starts a process. Called from a process's main thread.
//
// distcc-pump.conf stands beside a CMakeCache.txt, in the working directory or above it (the nearest one that
// is there). Lines are NAME=VALUE, or comments that start with '#'; blanks around both are dropped, the value
// is taken as it stands, without quoting. Names: DISTCC_HOSTS, DISTCC_POTENTIAL_HOSTS, LSDISTCC_ARGS; others
// are for other readers of the file and are skipped. A file that belongs to neither this user nor root is not
// read: it would decide where the user's sources are sent.
#pragma once

#include <string>

#include "pump/distcc/hosts.h"
#include "pump/os/environment.h"
#include "pump/os/error.h"

namespace pump::hosts {

enum class Source { Environment, ConfigFile, Lsdistcc, HostsFile };

struct FoundHosts {
  distcc::HostList list;  ///< list.text goes into distcc's DISTCC_HOSTS, whatever the source
  Source source = Source::Environment;
  std::string where;  ///< "$DISTCC_HOSTS", the file's path, or "lsdistcc": for messages
};

struct FindHostsOptions {
  std::string cwd;                ///< absolute
  std::string session_directory;  ///< where lsdistcc's answer is kept; empty: it is asked each time
  std::string distcc_directory;   ///< lsdistcc is looked for here first, then on PATH
};

/// Errors: ENOENT where no source names any host (`message` says what to set); anything else where one does,
/// but what it says is wrong (a malformed word, named with its source) or cannot be had.
Expected<FoundHosts> find_hosts(const os::Environment& environment, const FindHostsOptions& options);

}  // namespace pump::hosts
