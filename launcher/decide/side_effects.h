// The options whose files or meaning do not travel: side outputs that distcc loses, inputs that only this
// machine has, code for this machine's processor. Pure; any thread.
//
// The parser names the options that gcc and clang share; the ones that are rare are told by spelling in this
// file's table, so that the parser need not know them.
#pragma once

#include <optional>

#include "launcher/decide/local_reason.h"
#include "pump/compilation/command.h"

namespace pump::launcher {

/// The first argument that keeps the command here. Modules and precompiled headers are not looked at
/// (modules.h, pch.h).
std::optional<Fault> find_side_effect(const compilation::CommandLine& command);

}  // namespace pump::launcher
