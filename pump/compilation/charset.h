// Character sets of -finput-charset=, in any spelling of their names. Pure; any thread.
#pragma once

#include <string_view>

namespace pump::compilation {

/// True for UTF-8 and ASCII: the compiler converts nothing.
bool is_utf8(std::string_view charset);
/// True if every byte below 0x80 is an ASCII character, wherever it is. Only known sets count.
bool is_ascii_compatible(std::string_view charset);

}  // namespace pump::compilation
