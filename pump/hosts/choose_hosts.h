// The hosts of one `pump COMMAND`: what the environment asks for, checked before the build starts rather than
// found out by every compilation. Two steps, because lsdistcc runs while the include server starts. Main
// thread.
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
  /// What DISTCC_HOSTS becomes for COMMAND; unset: it stays unset, distcc reads its hosts file.
  std::optional<std::string> value;
  std::string progress;  ///< how many hosts, how many of them in pump mode: one line for the user
  std::string warning;   ///< empty, or what the user should know about these hosts
};

class HostsChoice {
 public:
  /// Decides where hosts come from, and checks them; where it is lsdistcc, starts it.
  ///   DISTCC_POTENTIAL_HOSTS not empty  lsdistcc; it wins over DISTCC_HOSTS, and notice() says so
  ///   DISTCC_HOSTS not empty            passed through
  ///   else                              distcc's hosts files, as `distcc --show-hosts` lists them
  /// Errors, each with what to set: no source, no host, a malformed one, none with ",cpp", no lsdistcc.
  static Expected<HostsChoice> begin(const os::Environment& environment, const std::string& distcc_directory);

  /// For stderr, at once; empty where there is nothing to say.
  [[nodiscard]] const std::string& notice() const { return notice_; }

  /// The hosts, lsdistcc awaited. Without an include server lsdistcc's hosts get no ",cpp".
  /// That no host answers is no error: `warning` says it, and COMMAND compiles here.
  Expected<ChosenHosts> finish(bool include_server_runs);

 private:
  HostsChoice() = default;
  std::string notice_;
  std::optional<Lsdistcc> asking_;
  ChosenHosts chosen_;
};

}  // namespace pump::hosts
