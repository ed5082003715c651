// The compiler's name as distccd gets it. distccd runs the names its administrator allowed, looked up on its own PATH;
// a path is refused, but for those below /usr/bin and /bin, which it takes for the plain name. And distcc sends gcc and
// g++ as x86_64-linux-gnu-gcc and -g++ where this machine has such names. So a command may travel under a plain name
// only if that name, as distcc will spell it, is the same program here. Any thread; looks files up through
// Surroundings only.
#pragma once

#include <optional>
#include <string>

#include "launcher/decide.h"

namespace pump::launcher {

/// What to put in place of `compiler`; itself where it needs no change or does not exist. Nothing: it would be another
/// program there.
std::optional<std::string> name_for_distccd(const std::string& compiler, const Surroundings& surroundings);

}  // namespace pump::launcher
