// `-v`: compares the closure with the compiler's own dependency list (-M), in the client's directory and
// environment. Runs the compiler once per request: for finding errors, not for production. Any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "pump/include_server/file_tree/file_tree.h"
#include "pump/include_server/preprocessor/closure.h"
#include "pump/include_server/unit/translation_unit.h"
#include "pump/os/environment.h"
#include "pump/os/error.h"

namespace pump::include_server {

struct Comparison {
  std::vector<std::string> missing;  ///< real paths that the compiler opens and the closure lacks
  std::vector<std::string> surplus;  ///< real paths that are entered in the closure only
};

/// Compares the files outside the default directories. `snapshot`: of `tree`. `argv`: the request's. Error:
/// the compiler failed, with its message, or ran for two minutes.
Expected<Comparison> compare_with_compiler(const FileTree::Snapshot& snapshot, FileTree& tree,
                                           const Unit& unit, const Closure& closure,
                                           const std::vector<std::string>& argv,
                                           const os::Environment& environment);

}  // namespace pump::include_server
