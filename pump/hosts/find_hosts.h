// Finds the hosts of one compilation, for the launcher. It works without `pump COMMAND`, for example in a
// build that an IDE started with hardly any environment variables.
//
// The sources, in order: $DISTCC_HOSTS; distcc-pump.conf; $DISTCC_POTENTIAL_HOSTS through lsdistcc, whose
// output is cached in the session directory for a minute; distcc's own hosts files. The first takes no system
// call, the second one access(2) for each directory from the working directory upward. Only lsdistcc starts a
// process. Main thread of a process. For `pump COMMAND` see choose_hosts.h.
//
// distcc-pump.conf lies beside a CMakeCache.txt, in the working directory or above it; the nearest one
// counts. Its lines are NAME=VALUE, or comments that start with '#'. Blanks around NAME and VALUE are
// dropped; there is no quoting. The names are DISTCC_HOSTS, DISTCC_POTENTIAL_HOSTS and LSDISTCC_ARGS; others
// are ignored. A file that belongs to neither this user nor root is not read: it determines where the user's
// sources are sent.
#pragma once

#include <string>

#include "pump/distcc/hosts.h"
#include "pump/os/environment.h"
#include "pump/os/error.h"

namespace pump::hosts {

enum class Source { Environment, ConfigFile, Lsdistcc, HostsFile };

struct FoundHosts {
  distcc::HostList list;  ///< list.text is the value of DISTCC_HOSTS for distcc, from any source
  Source source = Source::Environment;
  std::string where;  ///< for messages: "$DISTCC_HOSTS", the file's path, or "lsdistcc"
};

struct FindHostsOptions {
  std::string cwd;                ///< absolute
  std::string session_directory;  ///< for the cache of lsdistcc's output; empty: no cache
  std::string distcc_directory;   ///< searched first for lsdistcc, then PATH
};

/// Errors: ENOENT if no source is set, or if the one that counts names no host or needs an lsdistcc that is
/// missing; other codes if a source is malformed (the message names the word and the source) or cannot be
/// read. A distcc-pump.conf with an ENOENT does not count.
Expected<FoundHosts> find_hosts(const os::Environment& environment, const FindHostsOptions& options);

}  // namespace pump::hosts
