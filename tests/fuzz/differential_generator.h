// Random small projects that exercise everything the include server has to get right; one per seed, for ever
// the same.
#pragma once

#include <cstdint>

#include "tests/oracle/case_file.h"

namespace pump::fuzz {

struct Generated {
  /// Its runs begin with CC or CXX, and are commands of one session, in this order.
  oracle::Case project;
  /// Nothing in it that is sent without being opened, or that cannot be known: the reply must be exact.
  bool exact = true;
  /// Compare objects instead of preprocessed text: what shows is text of the assembler's.
  bool compiled = false;
  /// Holds what the server rightly refuses.
  bool may_give_up = false;
};

Generated generate_project(std::uint64_t seed);

/// Where files of a project can be, and what they can be called: the server of a check has other ones there.
const std::vector<std::string>& possible_directories();
const std::vector<std::string>& possible_names();

}  // namespace pump::fuzz
