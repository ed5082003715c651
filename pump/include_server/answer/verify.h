// `-v`: the closure against the compiler's own dependency list (-M), run in the client's directory and
// environment. Costs a preprocessor run per request; for finding errors, not for production. Any thread.
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
  std::vector<std::string> missing;  ///< real paths the compiler opens that the closure lacks
  std::vector<std::string> surplus;  ///< entered by the closure, not by the compiler
};

/// Compares what lies outside the default directories. Error: the compiler failed, with its own words.
Expected<Comparison> compare_with_compiler(FileTree& tree, const Unit& unit, const Closure& closure,
                                           const std::vector<std::string>& argv,
                                           const os::Environment& environment);

}  // namespace pump::include_server
