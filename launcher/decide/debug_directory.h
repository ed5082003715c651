// What the command line says about debug information and directories, for the time after distcc: whether the
// object can be made in pump mode at all, and what its names have to be. See object/repair.h for the repair.
// Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "launcher/decide/fallback_reason.h"
#include "pump/compilation/command.h"
#include "pump/os/environment.h"

namespace pump::launcher {

/// True where a -g flavoured option is in force.
bool wants_debug_information(const compilation::CommandLine& command);

/// Plain mode from the start, where the output would name the server's directory beyond repair.
std::optional<FallbackReason> unrepairable_in_pump_mode(const compilation::CommandLine& command);

/// (FROM, TO) of the options that rename directories in debug information, in order.
std::vector<std::pair<std::string, std::string>> debug_prefix_maps(const compilation::CommandLine& command);

/// Where compilers think they are: $PWD where it is `cwd` by another name, else `cwd`.
std::string logical_directory(const std::string& cwd, const os::Environment& environment);

/// clang takes its directory from an option, so the server can be told the right one; words to append, empty
/// for other compilers, without -g, and where the command says it itself. In cc1's spelling, which all
/// versions know.
std::vector<std::string> compilation_directory_words(const compilation::CommandLine& command,
                                                     const std::string& directory);

}  // namespace pump::launcher
