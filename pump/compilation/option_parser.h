// Parses one option and its value with the option table. Any thread; no I/O.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "pump/compilation/command.h"
#include "pump/compilation/option_table.h"
#include "pump/os/error.h"

namespace pump::compilation {

/// The option at words[index], as `reader` reads it. Error: its value is missing.
Expected<Argument> parse_option(const std::vector<std::string>& words, std::size_t index, Reader reader);

}  // namespace pump::compilation
