// The text of `pump --help`, made from the table of verbs. Any thread.
#pragma once

#include <string>

namespace pump::cli {
std::string usage();
}  // namespace pump::cli
