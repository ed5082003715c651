// Finds the use of a macro in a source. The name counts only as a token: not in comments, strings, character
// and raw string literals. Uses in lines that conditions skip count, too; only the include server evaluates
// conditions. The text is scanned only if it holds the name at all. Pure; any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace pump::launcher {

/// The line (from 1) of the first use, if any. A name that is split over spliced lines is not found.
std::optional<std::size_t> find_macro_use(std::string_view source, std::string_view macro);

}  // namespace pump::launcher
