// Does a source use a macro? Its name counts only as a token: not in comments, strings, character and raw
// string literals. Uses in lines that conditions leave out count, too: that is the include server's business.
// The text is scanned only where it holds the name at all. Pure; any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace pump::launcher {

/// The line (from 1) of the first use; nothing where there is none. A name that is written across spliced
/// lines is not found.
std::optional<std::size_t> find_macro_use(std::string_view source, std::string_view macro);

}  // namespace pump::launcher
