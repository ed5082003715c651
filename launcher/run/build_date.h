// __DATE__ and __TIME__ on a host: its clock and its time zone are others. So a unit that may use them gets the values of this
// machine as macros.
//
// Not if the result would show it: -Wdate-time warns of uses, -g3 lists macros. Pure; any thread.
#pragma once

#include <ctime>
#include <string>
#include <vector>

#include "launcher/decide/decide.h"

namespace pump::launcher {

/// True if the value of a -D uses one of them.
bool uses_date_in_options(const std::vector<std::string>& words);
/// The option that keeps such a unit here; empty: none.
std::string obstacle_to_date_words(const Decision& decision);
/// The words for the host's compiler. The text is that of gcc and clang: "Jan  2 2006", "03:04:05", in the local time zone.
std::vector<std::string> date_words(std::time_t now);

}  // namespace pump::launcher
