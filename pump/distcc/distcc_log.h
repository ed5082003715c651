// distcc's own messages about one command, kept out of the build's output.
//
// distcc warns on stderr of every fallback ("failed to get includes …, preprocessing locally"), although the
// compilation then succeeds. In a build those lines are noise; in a configuration check they turn a success
// into a failure. So distcc logs to a file in memory instead (DISTCC_LOG), and what is in it is shown only
// where distcc itself failed the command, and noted in the session's log where a command took another way
// than pump mode. Rejected: DISTCC_LOG=/dev/null (the reason for a fallback would be lost), a pipe (somebody
// must read it meanwhile). A user's own DISTCC_LOG or DISTCC_VERBOSE is left alone: nothing is captured then.
// Main thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "pump/os/environment.h"
#include "pump/os/unique_fd.h"

namespace pump::distcc {

class DistccLog {
 public:
  /// Points `environment` (distcc's) at a fresh log. Where that cannot be, distcc writes to stderr as ever.
  static DistccLog capture(os::Environment& environment);

  /// All that distcc wrote; empty where nothing was captured.
  [[nodiscard]] std::string read() const;

 private:
  explicit DistccLog(os::UniqueFd file) : file_(std::move(file)) {}
  os::UniqueFd file_;
};

/// What became of a command, in distcc's own words. distcc 3.4 logs these lines at its default level already, so
/// nothing is asked of it for them.
struct DistccResult {
  bool seen = false;              ///< there was a log
  std::string host;               ///< that compiled, as in DISTCC_HOSTS; "localhost": here; empty: unknown
  std::string failed_host;        ///< that compiled and failed, where it was retried here
  bool failed_remotely = false;   ///< compiled there with an error, then retried here
  bool includes_unknown = false;  ///< the include server gave up on it
  std::string includes_asked_by;  ///< the number of the process that it told so
  bool not_distributed = false;   ///< no host took it
  bool hung_up = false;           ///< a host ended the connection before its answer was complete
  std::vector<std::string> complaints;
};
DistccResult parse_distcc_log(std::string_view log);

/// The lines of a log that are warnings or worse, without line ends.
std::vector<std::string> complaints(std::string_view log);

}  // namespace pump::distcc
