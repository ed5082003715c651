// What a compilation really opens: the oracle. Runs the compiler under strace.
#pragma once

#include <set>
#include <string>

#include "pump/os/environment.h"
#include "tests/oracle/project.h"

namespace pump::oracle {

struct Opened {
  bool compiled = false;
  std::string errors;           ///< the compiler's stderr
  std::set<std::string> files;  ///< real paths of the regular files below the root that it opened for reading
  std::set<std::string> spelled;  ///< the same as it spelled them, made absolute at its working directory
};

/// Compiles to `object`; collects what lies below `root`. Throws where strace cannot run.
Opened trace_compilation(const Command& command, const std::string& object, const std::string& root,
                         const std::string& scratch);

/// Every symbolic link (its own name at the real path of its directory) that the kernel follows on the way to `path`.
void links_on_the_way(const std::string& path, std::set<std::string>& links);

/// The environment that all compilations of a case see: ours, C locale.
os::Environment compile_environment();

}  // namespace pump::oracle
