// Lists the files that a command's own compiler reads: makes the command with -M, and parses the make rule
// that -M prints. Pure; any thread.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "pump/compilation/command.h"

namespace pump::compilation {

/// The words of `command` with -M in place of the options that name outputs (-c, -S, -o, -MD, -MF,
/// -Wp,-MD,…).
std::vector<std::string> dependency_command(const CommandLine& command);

/// The prerequisites of the first rule in `text`, in order. The syntax is that of gcc's and clang's -M: "\ ",
/// "\#" and "$$" quote, a backslash before a newline continues the rule. Empty if there is no rule.
std::vector<std::string> parse_make_rule(std::string_view text);
/// As parse_make_rule(), for callers in a hurry: `visit` gets each prerequisite, valid during the call.
void visit_make_rule(std::string_view text, const std::function<void(std::string_view)>& visit);

/// "a.o" for ".//./a.o": what gcc writes for a target (apply_vpath() in libcpp/mkdeps.cc), and compilers for many files.
inline std::string_view without_leading_here(std::string_view name) {
  while (name.starts_with("./")) {
    name.remove_prefix(2);
    while (name.starts_with('/')) name.remove_prefix(1);
  }
  return name;
}

}  // namespace pump::compilation
