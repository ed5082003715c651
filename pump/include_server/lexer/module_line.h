// C++20 modules: `import <x>;`, `import m;`, `export module m;`. Pure functions.
#pragma once

#include <string_view>

namespace pump::include_server {

/// A quick check of the first word of a line, blanks removed: false for nearly all lines.
bool may_be_module_line(std::string_view line);

/// True if the text begins with a module directive. Reads raw bytes of one line: the compiler accepts no
/// macros in it, and a splice in it is missed.
bool is_module_line(std::string_view text);

}  // namespace pump::include_server
