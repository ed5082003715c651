// The flags of a command that belong to its compiler profile: those that can change predefined macros,
// default directories, or how the compiler reads text. Any thread; no I/O.
//
// Every flag is kept that is not known to be irrelevant. An unknown one costs a second run of the compiler;
// one that is dropped by mistake would cost a wrong answer.
#pragma once

#include <string>
#include <vector>

#include "pump/compilation/command.h"

namespace pump::include_server {

struct ProfileFlags {
  std::vector<std::string> all;
  /// `all` without the flags that move default directories: --sysroot, -isysroot, -B …
  std::vector<std::string> plain;
  bool move_default_directories = false;  ///< `all` and `plain` differ
  bool name_relative_paths = false;       ///< the profile depends on the working directory
  bool name_absolute_paths = false;
};

ProfileFlags profile_flags_of(const std::vector<compilation::Argument>& arguments);

}  // namespace pump::include_server
