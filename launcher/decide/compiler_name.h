// The compiler's name as distccd gets it.
//
// distccd runs the names that its administrator allowed, looked up on its own PATH. It refuses paths, except
// those below /usr/bin and /bin. So a command may be sent under a name only if
//   - the word names a compiler here: machine code, after links are followed. A script may add options that
//     the server's program of that name does not have, and so may a wrapper (ccache, icecc) in the
//     compiler's place;
//   - the name in distcc's spelling is the same program here, on PATH and in the directories that a server
//     searches. distcc sends gcc, g++, gcc-N and g++-N as x86_64-linux-gnu-gcc and so on if this machine has
//     such names;
//   - the name identifies the compiler. cc and c++ depend on each machine's settings, so gcc, g++, clang or
//     clang++ is sent.
// Rejected: asking each program for its version (a process for every unit).
//
// Any thread. Reads files through CommandContext, and links in directories of PATH called distcc
// (wrappers.h).
#pragma once

#include <optional>
#include <string>

#include "launcher/decide/decide.h"

namespace pump::launcher {

/// The name to send in place of `compiler`. Nothing if `compiler` does not name a compiler here, or if a
/// server could run another program by each name.
std::optional<std::string> name_for_distccd(const std::string& compiler, const CommandContext& context);

/// The machine's target, as in "x86_64-linux-gnu-gcc"; empty if it is not one that is known here.
extern const char* const kTargetTriplet;

/// `name`, a name_for_distccd(), as it is sent: gcc, g++, gcc-N and g++-N get the target before them if this machine
/// has such a program, so that a server of another kind runs its cross compiler, or refuses.
std::string spelling_for_distccd(const std::string& name, const CommandContext& context);

/// True for clang by any of its names; cc and c++ are looked up on PATH.
bool is_clang(const std::string& compiler, const CommandContext& context);

}  // namespace pump::launcher
