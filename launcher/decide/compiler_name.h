// The compiler's name as distccd gets it. distccd runs the names its administrator allowed, looked up on its own PATH;
// a path is refused, but for those below /usr/bin and /bin. So a command may travel under a name only if
//   - the word is a compiler here: machine code that links lead to. A script adds options that the server's program of
//     that name does not know, and so does a wrapper (ccache, icecc) that stands in for the compiler;
//   - the name, as distcc will spell it, is the same program here: on PATH, and in the directories that a server
//     searches. distcc sends gcc, g++, gcc-N and g++-N as x86_64-linux-gnu-gcc … where this machine has such names;
//   - the name says which compiler it is. cc and c++ are a matter of each machine's settings: gcc, g++, clang or clang++
//     goes in their place.
// Rejected: to ask each program for its version (a process for every unit). Any thread; looks files up through
// CommandContext only.
#pragma once

#include <optional>
#include <string>

#include "launcher/decide/decide.h"

namespace pump::launcher {

/// What to put in place of `compiler`. Nothing: it would be another program there, or it does not exist.
std::optional<std::string> name_for_distccd(const std::string& compiler, const CommandContext& context);

/// True for clang by any of its names; cc and c++ are looked up.
bool is_clang(const std::string& compiler, const CommandContext& context);

}  // namespace pump::launcher
