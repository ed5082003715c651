// CPATH and its siblings as flags of the same meaning, in the same place of the search list.
//
// distcc refuses pump mode where CPATH, C_INCLUDE_PATH or CPLUS_INCLUDE_PATH is set, because the server's
// compiler would not see them. As flags they travel. The places, the same in gcc and clang (compare `-v`):
//   CPATH                  -I, after the last -I of the command line
//   C_INCLUDE_PATH         -isystem, after the last -isystem; for C++ CPLUS_INCLUDE_PATH, for Objective-C
//                          OBJC_INCLUDE_PATH, for Objective-C++ OBJCPLUS_INCLUDE_PATH
// An empty element means the working directory. -nostdinc does not turn them off.
// Pure; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "pump/os/environment.h"

namespace pump::launcher {

/// The flags, to be put after all others (but before "--"). `language` as compilation::language_of() has it.
std::vector<std::string> search_flags(const os::Environment& environment, std::string_view language);

/// Every variable that search_flags() reads. distcc looks at the mere presence of some: they must go.
const std::vector<std::string>& search_variables();

}  // namespace pump::launcher
