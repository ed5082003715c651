// The files a compilation reads, as its own compiler names them: asked with -M, after distcc has ended, for a
// compilation that is set aside. That costs the preprocessing of one file, once. Rejected: the dependency
// file of the command, which many have not and which leaves out system headers under -MMD. Main thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "launcher/decide/decide.h"

namespace pump::launcher {

/// `argv`: the caller's words. Error: the compiler did not answer.
Expected<std::vector<std::string>> read_inputs(const std::vector<std::string>& argv,
                                               const CommandContext& context);

/// The prerequisites in a make rule as compilers write it: "\ " in names, "$$", "\#", lines joined by "\".
std::vector<std::string> prerequisites(std::string_view rule);

}  // namespace pump::launcher
