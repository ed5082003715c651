// C++20 modules and precompiled headers on a command line.
//
// A unit that produces or imports a module (or uses a precompiled header that is all there is) needs files
// that only this machine has, made by this machine's compiler. A unit that was merely scanned for modules is
// an ordinary one: build systems give every unit of a target a module map, and most maps are empty. So the
// maps are read:
//   gcc:   -fmodule-mapper=FILE, lines "NAME PATH"; "$root DIR" and blank lines map nothing.
//   clang: @x.modmap, a response file that the parser expands; -fmodule-file=, -fmodule-output=, ….
//
// Maps that are programs, sockets or descriptors cannot be read in advance: such a unit stays here.
#pragma once

#include <optional>

#include "launcher/decide/decide.h"
#include "pump/compilation/command.h"

namespace pump::launcher {

/// Why modules keep the command here. Nothing: it has none, or empty maps only, and then -fmodule-mapper= can
/// go.
std::optional<Fault> find_module(const compilation::CommandLine& command, const CommandContext& context);

/// The file that -fmodule-mapper= names.
std::string mapper_of(const compilation::Argument& argument);

/// Why a precompiled header keeps the command here.
/// gcc (-include X with X.gch) and clang (X.pch) take the precompiled form instead of X where both are there;
/// the other machine compiles X itself, with the same meaning. Where only the precompiled form exists there
/// is nothing to send.
std::optional<Fault> find_missing_header(const compilation::CommandLine& command,
                                         const CommandContext& context);

}  // namespace pump::launcher
