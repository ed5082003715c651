// clang -g in pump mode: servers get the source and the header directories with relative names that lead up
// to the root. "/p/src/a.cc" becomes "././../../p/src/a.cc" in /x/y.
//
// A mirrored file that reports its absolute name by a #line directive gets no MD5 sum in DWARF 5, and then no
// file of the unit does. Under a relative name the server's clang reads files as they are, and
// -ffile-prefix-map= options replace "././../../", so that the object equals a local one. Messages and
// dependencies are outside the object; their names are made absolute here.
//
// The leading "././" distinguishes these names from those that the user or an #include wrote. clang removes
// it in the name of the unit and in dependencies. See docs/design.md. Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pump/compilation/command.h"

namespace pump::launcher {

/// True if the command names the source or a header directory by an absolute name.
bool has_absolute_names(const compilation::CommandLine& command);

/// The word because of which the object would differ from a local one if names were relative; empty if there
/// is none. `command` has absolute names.
std::string obstacle_to_relative_names(const compilation::CommandLine& command, const std::string& cwd);

/// Stands for "/" in relative names: "././../../" in /x/y.
std::string relative_root(const std::string& cwd);

/// `command` with relative names in place of absolute ones. It must have no obstacle.
compilation::CommandLine with_relative_names(const compilation::CommandLine& command, const std::string& cwd);
/// The options that make clang record the absolute names.
std::vector<std::string> prefix_map_words(const compilation::CommandLine& command, const std::string& cwd);

/// Messages of clang or the include server with the names that a local compilation gives. `root` is replaced
/// everywhere, also in quoted source lines: people do not write such names.
std::string with_absolute_names(std::string_view text, const std::string& root);
/// One name of a dependency file, made absolute: clang has removed "././" from it. With an empty `root` the
/// name is unchanged.
std::string absolute_name(std::string_view name, std::string_view root);

}  // namespace pump::launcher
