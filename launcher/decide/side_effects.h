// Options whose effect another machine cannot provide: side outputs that distcc does not bring back,
// inputs that only this machine has, code for this machine's processor. Pure; any thread.
//
// The parser has enumerators for options that are common to gcc and clang. Rare options are recognised by
// spelling, in a table in side_effects.cc.
#pragma once

#include <optional>

#include "launcher/decide/local_reason.h"
#include "pump/compilation/command.h"

namespace pump::launcher {

/// The first argument that keeps the command here. Modules and precompiled headers are in modules.h.
std::optional<Fault> find_side_effect(const compilation::CommandLine& command);

}  // namespace pump::launcher
