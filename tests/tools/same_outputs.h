// Compiles a command here and through pump-launch, and compares what a user sees: object, messages, dependency file, exit
// code. For tools with many commands, whose server does not see the project (tests/shell/distccd.sh). Any thread.
#pragma once

#include <string>
#include <vector>

#include "pump/os/environment.h"

namespace pump::tools {

/// One compilation. Both runs write the same files, so commands that run at once need different ones.
struct SameCommand {
  std::vector<std::string> argv;  ///< compiler first; with -c or -S
  std::string directory;
  std::string object;        ///< absolute; the value of -o in `argv`
  std::string dependencies;  ///< absolute; the dependency file that `argv` requests
};

struct SameResult {
  std::vector<std::string> defects;  ///< what differs; empty: nothing
  int exit_code = 0;                 ///< of the local compilation
  bool unstable = false;             ///< local compilations differ among each other, and cannot be compared
  std::string messages;              ///< of the local compilation
};

/// `argv` with -o and options for a dependency file, unless it has options of the -M family. Other -o are removed. `stem`:
/// absolute, without suffix.
SameCommand with_outputs(std::vector<std::string> argv, const std::string& directory,
                         const std::string& stem);

/// `argv` with absolute names of the source, header directories and forced files.
std::vector<std::string> with_absolute_names(const std::vector<std::string>& argv,
                                             const std::string& directory);

/// Throws std::runtime_error if the compiler or the launcher cannot be started.
SameResult compare_outputs(const SameCommand& command, const std::string& launcher,
                           const os::Environment& environment);

}  // namespace pump::tools
