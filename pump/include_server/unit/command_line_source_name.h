// Options by which the object names its source otherwise than by __FILE__: by the name that the compiler was
// given on its command line, which a #line does not change. On the server that name lies below the job's
// root. Any thread; no I/O.
#pragma once

#include <optional>
#include <string>

#include "pump/compilation/command.h"

namespace pump::include_server {

/// The option at fault; nothing where the object is the same whatever the root. `absolute`: the source is
/// named so.
std::optional<std::string> names_source_in_object(const compilation::CommandLine& command, bool absolute);

}  // namespace pump::include_server
