// The servers of one command: the include server, and the scheduler of a session.
//
// An enclosing `pump COMMAND` or `pump --startup` with the same directory is joined like any other session. Another one
// (another PUMP_SESSION) is used, too, without joining it: the enclosing pump holds its reference. Of distcc's own pump
// only the include server is used. Main thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "pump/distcc/include_server_client.h"
#include "pump/os/environment.h"
#include "pump/os/error.h"
#include "pump/scheduler/client.h"
#include "pump/session/session.h"

namespace pump::launcher {

/// Must live until the unit is done: it holds the reference that keeps the session's server running.
class SessionServers {
 public:
  /// Joins the session and starts its server if it does not run, unless an enclosing session is used. Error: the
  /// session's server could be neither joined nor started.
  static Expected<SessionServers> join(const os::Environment& environment, const session::Settings& settings,
                                       const session::Directory& directory);

  /// The unit's files; none: the server cannot tell (n = 0). A server that does not answer in time is not asked again for a
  /// minute, by any launcher. Error: there is no answer.
  [[nodiscard]] Expected<distcc::UnitFiles> request_files(const std::string& cwd,
                                                          const std::vector<std::string>& words) const;
  /// After request_files() of the same command: the files that its compiler reads.
  [[nodiscard]] Expected<distcc::PredictedFiles> predicted_files(const std::string& cwd,
                                                                 const std::vector<std::string>& words) const;
  /// Starts the session's server again if it was killed. Error: no scheduler answers.
  [[nodiscard]] Expected<scheduler::SchedulerClient> connect_to_scheduler() const;

 private:
  SessionServers(const session::Settings& settings, const session::Directory& directory)
      : settings_(&settings), directory_(&directory) {}

  const session::Settings* settings_;
  const session::Directory* directory_;
  std::optional<session::Client> client_;  ///< unset: an enclosing session holds the reference
  distcc::IncludeServer include_server_;
  std::string scheduler_;  ///< socket
};

}  // namespace pump::launcher
