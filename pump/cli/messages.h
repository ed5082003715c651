// Messages of pump for its user. Progress and warnings begin with ten underscores, as in distcc's own pump
// command. Progress goes to stdout, or to stderr if a shell reads stdout; warnings and errors go to stderr.
// Main thread.
#pragma once

#include <string_view>

#include "pump/os/environment.h"
#include "pump/os/error.h"

namespace pump::cli {

class Messages {
 public:
  /// `progress_fd`: 1 or 2. If DISTCC_TESTING_INCLUDE_SERVER is neither empty nor 0, progress is not printed.
  Messages(const os::Environment& environment, int progress_fd);
  void progress(std::string_view text) const;
  /// "__________Warning: TEXT".
  static void warning(std::string_view text);
  /// "pump: TEXT".
  static void error(std::string_view text);

 private:
  int progress_fd_;
};

/// Writes `text` to stdout as it is. Error: it could not be written.
Status print(std::string_view text);

}  // namespace pump::cli
