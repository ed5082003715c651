// The names of character sets in -finput-charset=, in any of their spellings. Pure; any thread.
#pragma once

#include <string_view>

namespace pump::compilation {

/// UTF-8 or ASCII: the compiler converts nothing.
bool is_utf8(std::string_view charset);
/// Every ASCII byte stands for itself, wherever it is found.
bool is_ascii_compatible(std::string_view charset);

}  // namespace pump::compilation
