// The launcher's own messages, as lines in the session's log. They must not be printed: a build's output is
// the compiler's alone, and one additional warning makes check_cxx_compiler_flag() fail.
//
// Each line is appended by one write, so that lines of concurrent launchers do not mix. A log that has
// reached its limit gets no more lines. Failures to write are ignored. Main thread.
#pragma once

#include <string>
#include <string_view>

#include "pump/session/session.h"

namespace pump::launcher {

class SessionNotes {
 public:
  /// Without a session directory nothing is recorded.
  SessionNotes() = default;
  explicit SessionNotes(const session::Directory& directory)
      : directory_(directory.path()), log_(directory.log()) {}

  [[nodiscard]] const std::string& log() const { return log_; }  ///< its path; empty: none
  /// "pump-launch[PID] SUBJECT: TEXT".
  void add(std::string_view subject, std::string_view text) const;
  /// As add(), but all launchers together write at most one note an hour for a `key`. For facts that hold for
  /// every command.
  void add_once(std::string_view key, std::string_view subject, std::string_view text) const;

 private:
  std::string directory_;
  std::string log_;
};

}  // namespace pump::launcher
