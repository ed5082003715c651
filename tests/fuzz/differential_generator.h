// Random small projects that exercise everything the include server has to get right; one per seed, for ever the same.
#pragma once

#include <cstdint>

#include "tests/oracle/case_file.h"

namespace pump::fuzz {

struct Generated {
  oracle::Case project;
  /// Nothing in it that is sent without being opened, or that cannot be known: the reply must be exact.
  bool exact = true;
};

Generated generate_project(std::uint64_t seed);

}  // namespace pump::fuzz
