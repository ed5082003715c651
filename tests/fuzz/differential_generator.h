// Generates small random projects that exercise the include server. A seed always gives the same project.
#pragma once

#include <cstdint>

#include "tests/oracle/case_file.h"

namespace pump::fuzz {

struct Generated {
  /// Its runs begin with CC or CXX, and are commands of one session, in this order.
  oracle::Case project;
  /// The reply must be exact: nothing is sent without being opened, and nothing is unknown.
  bool exact = true;
  /// Objects are compared instead of preprocessed text, because assembler text differs.
  bool compiled = false;
  /// Has something that the server rightly refuses.
  bool may_give_up = false;
};

/// `compiled`: Generated::compiled for every seed. The project of a seed is another one then.
Generated generate_project(std::uint64_t seed, bool compiled = false);

/// The paths that files of a project can have. A check's server has other files at these paths.
const std::vector<std::string>& possible_directories();
const std::vector<std::string>& possible_names();

}  // namespace pump::fuzz
