// The files that a compilation opens, from strace: the oracle.
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
  std::set<std::string> spelled;  ///< the same by the paths that it used, made absolute
};

/// Compiles to `object` and collects files below `root`. Throws if strace cannot run.
Opened trace_compilation(const Command& command, const std::string& object, const std::string& root,
                         const std::string& scratch);

/// Every symbolic link that the kernel follows to resolve `path`, by the real path of its directory and its
/// own name.
void links_on_the_way(const std::string& path, std::set<std::string>& links);

/// The environment of all compilations of a case: this process's with the C locale.
os::Environment compile_environment();

}  // namespace pump::oracle
