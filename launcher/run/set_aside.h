// Compilations that are not tried in pump mode again until one of their inputs changes.
//
// distcc's own answer to a file that fails remotely and compiles here is to stop pump mode for everybody.
// Here the one file is set aside: the next build compiles it in plain mode, which needs nothing on the server
// but the compiler; where that fails, too, the ones after it compile it here. Each step costs one failed
// attempt, once. It is tried in pump mode again when an input has changed, and after a day: what was wrong
// may have been on the server.
//
// Kept as one small file per command in the session's directory, so that another version of pump, with
// another session, starts anew. Read on every compilation: where nothing is set aside that is one failed
// open(2). Races between launchers are harmless: a file is written whole and renamed. Main thread.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "pump/os/error.h"

namespace pump::launcher {

class SetAside {
 public:
  enum class Level { Pump, Plain, Local };

  /// Nothing is ever set aside.
  SetAside() = default;
  /// `words`: what distcc gets, compiler first.
  SetAside(const std::string& session_directory, const std::string& cwd,
           const std::vector<std::string>& words);

  /// What to do now. An entry that is out of date is removed. `reason()` then holds why it was written.
  Level look();
  [[nodiscard]] const std::string& reason() const { return reason_; }

  /// One step further than `now`. `inputs`: files whose change ends it, relative to cwd or absolute; for
  /// `time` at most.
  Status add(Level now, std::string_view reason, const std::vector<std::string>& inputs,
             std::chrono::seconds time) const;

 private:
  std::string directory_;
  std::string file_;
  std::string reason_;
};

/// The entry for all compilations with -g by one compiler, which records its command line without being told.
SetAside compiler_with_debug(const std::string& session_directory, const std::string& compiler);

}  // namespace pump::launcher
