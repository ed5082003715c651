// What a command line determines about directories in debug information: whether the object can be made in
// pump mode at all, and which names it must hold. object/repair.h replaces the server's names after distcc
// has run. Any thread; no I/O, but logical_directory() makes two system calls.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "launcher/decide/local_reason.h"
#include "pump/compilation/command.h"
#include "pump/os/environment.h"

namespace pump::launcher {

/// True if there is a -g option, and the last one is not -g0.
bool wants_debug_information(const compilation::CommandLine& command);

/// Why the command's output would name the server's directory and could not be repaired.
std::optional<LocalReason> find_unrepairable_output(const compilation::CommandLine& command);

/// (FROM, TO) of the options that rename directories in debug information, in order.
std::vector<std::pair<std::string, std::string>> debug_prefix_maps(const compilation::CommandLine& command);

/// The map that gcc applies to its result for `directory`: in the line table the directory is mapped twice. Empty: none.
std::string map_of_mapped(const compilation::CommandLine& command, const std::string& directory);

/// The working directory that compilers record: $PWD if it is another name of `cwd`, otherwise `cwd`.
std::string logical_directory(const std::string& cwd, const os::Environment& environment);

/// Words to append so that clang on the server records `directory`. Empty for other compilers, without -g, if
/// the command has such an option, and if distcc would take `directory` for a source or an object. The
/// spelling is that of cc1, which all versions accept.
std::vector<std::string> compilation_directory_words(const compilation::CommandLine& command,
                                                     const std::string& directory);

}  // namespace pump::launcher
