// What the launcher has to say and must not print: lines in the session's log. A build's output is the
// compiler's alone; one stray warning makes check_cxx_compiler_flag() fail.
//
// One append of one line each, so that concurrent launchers do not mix; nothing is written to a log that has
// grown past its limit. Failures to write are ignored: there is nobody to tell. Main thread.
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
  /// The same, but only if nobody has said it under this `key` within the last hour: for what holds for every
  /// command.
  void add_once(std::string_view key, std::string_view subject, std::string_view text) const;

 private:
  std::string directory_;
  std::string log_;
};

}  // namespace pump::launcher
