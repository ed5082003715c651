// Options by which the object contains the source's name as the compiler was given it. A #line does not
// change that name, unlike __FILE__, and on the compile server it lies below the job's root. Any thread; no
// I/O.
#pragma once

#include <optional>
#include <string>

#include "pump/compilation/command.h"

namespace pump::include_server {

/// The first option in force that makes the object depend on the job's root; nothing if there is none.
/// `absolute`: the source is named by an absolute path. (With a relative one the object depends on the root
/// only if an option adds the working directory.)
std::optional<std::string> option_naming_source(const compilation::CommandLine& command, bool absolute);

}  // namespace pump::include_server
