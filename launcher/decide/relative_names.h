// clang -g: the command as the servers get it names the source and the directories of headers relative to the
// working directory, all the way up to the root: "/p/src/a.cc" is "././../../p/src/a.cc" in /x/y.
//
// A copy of a file that reports its absolute name by a #line gets no MD5 sum in DWARF 5, and then no file of
// the unit does. By a relative name the server's clang reads files as they are, and options of its own
// (-ffile-prefix-map=) say what "././../../" stands for: the object is the local one. What is not in the
// object, messages and dependencies, gets the absolute names here.
//
// The two leading "./" tell these names from those that the user or an #include wrote. clang leaves them out
// in the name of the unit and in dependencies. See docs/design.md. Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pump/compilation/command.h"

namespace pump::launcher {

/// True where the command names the source or a directory of headers absolutely.
bool names_absolutely(const compilation::CommandLine& command);

/// The word for which the object cannot become the local one in this way; empty: there is none. For a command
/// with absolute names.
std::string obstacle_to_relative_names(const compilation::CommandLine& command, const std::string& cwd);

/// "././../../" in /x/y.
std::string relative_root(const std::string& cwd);

/// `command` with relative names in place of absolute ones.
compilation::CommandLine with_relative_names(const compilation::CommandLine& command, const std::string& cwd);
/// The options by which clang names them absolutely in the object.
std::vector<std::string> prefix_map_words(const compilation::CommandLine& command, const std::string& cwd);

/// What clang or the include server said, with the names that a local compilation gives. All of them are
/// replaced, be it in a quoted line: nobody writes such names himself.
std::string absolute_messages(std::string_view text, const std::string& root);
/// The same for one name in a dependency file; clang leaves the mark out there. An empty `root`: as it is.
std::string absolute_name(std::string_view name, std::string_view root);

}  // namespace pump::launcher
