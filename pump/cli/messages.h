// What pump says to its user. Progress begins with ten underscores, as users of the classic command know it,
// and goes to stdout, or to stderr where stdout is read by a shell; everything that is wrong goes to stderr.
// Main thread.
#pragma once

#include <string_view>

#include "pump/os/environment.h"
#include "pump/os/error.h"

namespace pump::cli {

class Messages {
 public:
  /// `progress_fd`: 1 or 2. DISTCC_TESTING_INCLUDE_SERVER other than 0 or empty: no progress at all.
  Messages(const os::Environment& environment, int progress_fd);
  void progress(std::string_view text) const;
  /// With the underscores, too: it belongs to the build's story.
  static void warning(std::string_view text);
  /// "pump: TEXT".
  static void error(std::string_view text);

 private:
  int progress_fd_;
};

/// `text` on stdout as it is. Error: it could not be written, so that a caller who reads it must not go on.
Status print(std::string_view text);

}  // namespace pump::cli
