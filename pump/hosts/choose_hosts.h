// Chooses the hosts of a `pump COMMAND` from the environment, and checks them before the build starts, so
// that not every compilation fails. There are two steps, begin() and finish(), because lsdistcc runs while
// the include server starts. Main thread. For pump-launch see find_hosts.h.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "pump/distcc/hosts.h"
#include "pump/hosts/lsdistcc.h"
#include "pump/os/environment.h"
#include "pump/os/error.h"

namespace pump::hosts {

struct ChosenHosts {
  distcc::HostList list;
  /// DISTCC_HOSTS for COMMAND; nothing: it is unset, and distcc reads its hosts file.
  std::optional<std::string> value;
  std::string progress;  ///< one line for the user: number of hosts, and how many in pump mode
  std::string warning;   ///< for the user, or empty
};

class HostsChoice {
 public:
  /// Chooses the source of hosts, and checks the hosts; starts lsdistcc if that is the source:
  ///   DISTCC_POTENTIAL_HOSTS not empty  lsdistcc; notice() mentions a DISTCC_HOSTS that is ignored
  ///   DISTCC_HOSTS not empty            its value
  ///   else                              distcc's hosts files, as `distcc --show-hosts` lists them
  /// Errors, each with a remedy: no source, no host, a malformed host, no host with ",cpp", no lsdistcc.
  static Expected<HostsChoice> begin(const os::Environment& environment, const std::string& distcc_directory);

  /// To be printed at once on stderr, or empty.
  [[nodiscard]] const std::string& notice() const { return notice_; }

  /// Waits for lsdistcc, if it runs, and returns the hosts. Without an include server lsdistcc's hosts get no
  /// ",cpp". If no host answers, `warning` mentions it, and COMMAND compiles here; that is not an error.
  Expected<ChosenHosts> finish(bool include_server_runs);

 private:
  HostsChoice() = default;
  std::string notice_;
  std::optional<Lsdistcc> lsdistcc_;  ///< running
  ChosenHosts chosen_;
};

}  // namespace pump::hosts
