// C++20 modules and precompiled headers on a command line.
//
// A unit that produces or imports a module, or uses a header of which only the precompiled form exists, needs
// files that only this machine has, made by this machine's compiler. A unit that was merely scanned for
// modules is an ordinary one: build systems give a module map to every unit of a target, and most maps are
// empty. So the maps are read:
//   gcc:   -fmodule-mapper=FILE, with lines "NAME PATH"; "$root DIR" and blank lines map nothing.
//   clang: @x.modmap, a response file that the parser expands to -fmodule-file=, -fmodule-output= and so on.
//
// Maps that are programs, sockets or descriptors cannot be read in advance: such a unit stays here. Any
// thread; reads files through CommandContext only.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "launcher/decide/decide.h"
#include "pump/compilation/command.h"

namespace pump::launcher {

/// Why modules keep the command here. Nothing if it uses none, or only empty maps; then -fmodule-mapper= can
/// be left out.
std::optional<Fault> find_module(const compilation::CommandLine& command, const CommandContext& context);

/// Why a unit that was scanned for modules is not sent although it uses none: with -g, gcc records the options for
/// scanning in the object, and on a server they are others. `has_dependencies`: the command requests a dependency file,
/// without which gcc refuses -fdeps-format=.
std::optional<Fault> find_scan_fault(const compilation::CommandLine& command, bool has_dependencies);

/// The file that gcc 14 and later write besides with -fdeps-format=p1689r5, if -fdeps-file= does not name it: "a.ddi"
/// beside "a.o" (cpp_unique_options in gcc/gcc.cc, deps_write_p1689r5() in libcpp/mkdeps.cc). A unit that imports and
/// exports nothing always has the same content. Nothing without the option. Empty name: the content cannot be told.
std::optional<SideFile> scan_file(const compilation::CommandLine& command, const std::string& output);

/// True for -fdeps-format=.
bool is_scan_format(std::string_view word);

/// The file that -fmodule-mapper= names.
std::string mapper_of(const compilation::Argument& argument);

/// X.gch (gcc) or X.pch (clang) is beside the X of an -include: the compiler here uses it. Compiled from the text of X, the
/// object may have another order (gcc: always with -O0, often with -g), and the dependency file other names.
std::optional<Fault> find_precompiled_header(const compilation::CommandLine& command,
                                             const CommandContext& context);

}  // namespace pump::launcher
