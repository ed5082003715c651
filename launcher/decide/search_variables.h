// CPATH and similar variables as options with the same meaning, at the same place of the search path.
//
// The server's compiler does not see the variables. As options they are sent. Their places are the same in gcc and clang (compare
// `-v`):
//   CPATH                  -I, after the last -I of the command line
//   C_INCLUDE_PATH         -isystem, after the last -isystem; for C++ CPLUS_INCLUDE_PATH, for Objective-C
//                          OBJC_INCLUDE_PATH, for Objective-C++ OBJCPLUS_INCLUDE_PATH
// An empty element means the working directory. -nostdinc does not disable them. Pure; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "pump/os/environment.h"

namespace pump::launcher {

/// The options, to be placed after all others but before "--". `language` as in compilation::language_of().
std::vector<std::string> search_flags(const os::Environment& environment, std::string_view language);

}  // namespace pump::launcher
