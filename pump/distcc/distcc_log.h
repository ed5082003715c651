// Captures distcc's messages about one command and reads the result from them.
//
// distcc warns on stderr about every fallback ("failed to get includes …, preprocessing locally"), although
// the compilation then succeeds. In a build these lines are noise. In a configuration check they turn a
// success into a failure. So distcc logs to a file in memory (DISTCC_LOG). The launcher shows it only if
// distcc itself failed, and notes fallbacks in the session's log. If the user set DISTCC_LOG or
// DISTCC_VERBOSE, nothing is captured.
//
// Rejected: DISTCC_LOG=/dev/null, because the reason for a fallback would be lost; a pipe, because a reader
// would be needed while distcc runs. Main thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "pump/os/environment.h"
#include "pump/os/unique_fd.h"

namespace pump::distcc {

class DistccLog {
 public:
  /// Sets DISTCC_LOG in `environment`, which the caller passes to distcc, to a new log. If the log cannot be
  /// made, distcc writes to stderr. The object must live until distcc has ended.
  static DistccLog capture(os::Environment& environment);

  /// What distcc wrote, at most 256 KiB; empty if nothing was captured.
  [[nodiscard]] std::string read() const;

 private:
  explicit DistccLog(os::UniqueFd file) : file_(std::move(file)) {}
  os::UniqueFd file_;
};

/// The result of a command according to distcc's log. distcc 3.4 logs these lines at its default level.
struct DistccResult {
  bool seen = false;        ///< the log was not empty
  std::string host;         ///< that compiled, as in DISTCC_HOSTS; "localhost": this machine; empty: unknown
  std::string failed_host;  ///< that compiled with an error before the retry here
  bool failed_remotely = false;    ///< compiled on a host with an error, then retried here
  bool includes_unknown = false;   ///< the include server gave up on the command
  std::string include_client_pid;  ///< the distcc process that got this reply
  bool not_distributed = false;    ///< no host took the job
  bool hung_up = false;            ///< a host closed the connection before its answer was complete
  std::vector<std::string> complaints;
};
DistccResult parse_distcc_log(std::string_view log);

/// The lines of a log that are warnings or worse, without line ends.
std::vector<std::string> complaints(std::string_view log);

}  // namespace pump::distcc
