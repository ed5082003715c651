// Lists the files that a compilation reads, by running its compiler with -M. Used after distcc has ended, for
// a command that is set aside, so the preprocessing of one file is paid once. Rejected: the command's
// dependency file, which many commands do not write and which omits system headers with -MMD. Main thread.
#pragma once

#include <string>
#include <vector>

#include "launcher/decide/decide.h"

namespace pump::launcher {

/// `argv`: the caller's words. Error: the compiler cannot be run, fails, or takes more than a minute.
Expected<std::vector<std::string>> read_inputs(const std::vector<std::string>& argv,
                                               const CommandContext& context);

}  // namespace pump::launcher
