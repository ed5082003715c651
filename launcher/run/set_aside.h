// Units that are compiled here until one of their inputs changes.
//
// When a unit fails remotely and then compiles here, distcc itself stops pump mode for the whole build. Here only the
// one unit is set aside. It is tried remotely again when an input has changed and after a day, because the fault may
// have been on the server.
//
// An entry is a small file per command in the session's directory. Another version of pump has another
// session and starts without entries. Every compilation looks for its entry; usually there is none, which
// costs one access(2). Races between launchers are harmless: an entry is written to a temporary file and
// renamed. Main thread.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "pump/os/environment.h"
#include "pump/os/error.h"

namespace pump::launcher {

class SetAside {
 public:
  /// Without a session: nothing is set aside.
  SetAside() = default;
  /// `session_directory`: empty without a session. `words`: Decision::words. `folder`: of the session's directory.
  SetAside(const std::string& session_directory, const std::string& cwd,
           const std::vector<std::string>& words, std::string_view folder = "set-aside");

  /// Reads the entry, and removes it if it is out of date. If it is set, reason() returns why it was written.
  bool is_set();
  [[nodiscard]] const std::string& reason() const { return reason_; }

  /// Writes an entry. It ends when one of `inputs` (absolute or relative to cwd) changes, and after `time`.
  /// Error: the file cannot be written, or there are too many entries.
  Status add(std::string_view reason, const std::vector<std::string>& inputs,
             std::chrono::seconds time) const;
  /// The same, for an entry about a compiler: it ends when the program changes that PATH in `environment` finds. Nothing is
  /// written if there is none.
  void add_for_compiler(std::string_view reason, const std::string& compiler,
                        const os::Environment& environment, std::chrono::seconds time) const;

 private:
  std::string directory_;
  std::string file_;
  std::string reason_;
};

/// The entry for all compilations with -g by one clang. Used for one that always records its command line.
SetAside compiler_with_debug(const std::string& session_directory, const std::string& compiler);
/// Not about units: if it is set, its reason is the version of `compiler` on `host`, as the host told.
SetAside version_on_host(const std::string& session_directory, const std::string& compiler,
                         const std::string& host);
/// The entry for a compiler without -ffile-prefix-map (gcc < 8, clang < 10), which gets absolute names.
SetAside compiler_without_maps(const std::string& session_directory, const std::string& compiler);

}  // namespace pump::launcher
