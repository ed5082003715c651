// Finds __DATE__, __TIME__ and __TIMESTAMP__ in a unit.
//
// SOURCE_DATE_EPOCH sets their values, and distcc does not send it. If it is set, an object that contains a
// date must be compiled on the client.
#pragma once

#include <string>

#include "pump/include_server/file_tree/file_tree.h"
#include "pump/include_server/preprocessor/closure.h"
#include "pump/include_server/unit/translation_unit.h"
#include "pump/os/environment.h"
#include "pump/os/error.h"

namespace pump::include_server {

/// True if the client's environment sets dates. The variable is one of compiler_variables().
bool sets_dates(const os::Environment& environment);

/// The first date macro in the unit's options and entered files, and where it is; empty if there is none. A
/// macro in a comment or in skipped text counts: such a unit is compiled on the client without need.
/// `snapshot`: of `tree`; any thread that has one. Error: a file cannot be read; EAGAIN: it has changed.
Expected<std::string> find_date_macro(const FileTree::Snapshot& snapshot, FileTree& tree, const Unit& unit,
                                      const Closure& closure);

}  // namespace pump::include_server
