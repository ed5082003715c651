// Formatting with fmt, compiled once.
//
// The program is linked statically, and Debian has libfmt as a shared library only, so fmt is used header-only.
// Each file that calls fmt::format() would compile all of fmt, which takes about three seconds. A call of
// format() compiles only its arguments. The text is checked at compile time, as by fmt::format(). Any thread.
#pragma once

#include <fmt/core.h>

#include <string>

namespace pump::os {

std::string format_all(fmt::string_view text, fmt::format_args arguments);

template <typename... Arguments>
[[nodiscard]] std::string format(fmt::format_string<Arguments...> text, Arguments&&... arguments) {
  return format_all(text, fmt::make_format_args(arguments...));
}

}  // namespace pump::os
