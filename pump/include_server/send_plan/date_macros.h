// Does a unit's text tell when it was compiled?
//
// SOURCE_DATE_EPOCH sets what __DATE__ and its siblings say, and distcc does not send it: where it is set, an
// object that holds a date must be made here. Any thread; the caller holds a Snapshot.
#pragma once

#include <string>

#include "pump/include_server/file_tree/file_tree.h"
#include "pump/include_server/preprocessor/closure.h"
#include "pump/include_server/unit/translation_unit.h"
#include "pump/os/environment.h"

namespace pump::include_server {

/// True where dates are set by the client's environment. The variable is one that compiler_variables() tells.
bool sets_dates(const os::Environment& environment);

/// The file or option that may use one, and which; empty: none does. In comments and dead text, too: a reply
/// less, seldom.
std::string find_date(FileTree& tree, const Unit& unit, const Closure& closure);

}  // namespace pump::include_server
