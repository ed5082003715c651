// Which words of a command line can change the compiler's predefined macros, its default directories or the
// way it reads text. Any thread; no I/O.
//
// Everything is kept that is not known to be irrelevant: an option this table has never heard of costs a
// second run of the compiler, an option wrongly dropped would cost a wrong answer.
#pragma once

#include <vector>

#include "pump/compilation/command.h"
#include "pump/include_server/unit/command_line.h"

namespace pump::include_server {

/// Fills profile_flags, plain_profile_flags and the two bools that go with them.
void add_profile_flags(const std::vector<compilation::Argument>& arguments, UnitOptions& options);

}  // namespace pump::include_server
