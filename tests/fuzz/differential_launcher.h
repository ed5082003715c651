// Compares what pump-launch makes of a random project with what the compiler makes of it here: object, messages, dependency
// file, exit code. A distccd that does not see the project must run (run_launcher.sh).
#pragma once

#include <string>
#include <vector>

#include "tests/fuzz/differential_check.h"

namespace pump::fuzz {

struct LauncherOptions {
  std::string launcher;
  bool absolute = false;           ///< names of the source and of header directories
  std::vector<std::string> added;  ///< further words, for example -Wall; each source then has code to warn of
};

/// Compares each command of the project with each compiler. `directory` is replaced by the project.
Verdict check_launcher(const Generated& generated, const std::vector<CompilerPair>& compilers,
                       const LauncherOptions& options, const std::string& directory);

}  // namespace pump::fuzz
