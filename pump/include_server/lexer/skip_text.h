// Skipping text in which nothing can matter to a reader of directives.
//
// Most bytes of a source are identifiers, numbers, blanks and operators. Both readers of directives (scan.cc,
// line_marker.cc) pass them sixteen at a time and look closer only at what may begin a comment, a literal, a
// splice or an operator that acts like a directive. Pure functions.
#pragma once

#include <cstddef>
#include <string_view>

namespace pump::include_server {

/// The first place at or after `at` at which a token must be looked at: a quote, '/', '\\', '?', '\r', '\n',
/// or the start of the identifier or number before one of these or of an identifier that holds "_Pragma",
/// "_TIMESTAMP_" or "_BASE_FILE_"; text.size() where there is none. `at` must be where a token or a blank
/// begins, and so is the result.
std::size_t skip_plain_text(std::string_view text, std::size_t at);

/// The first '\n', '\r', '\\' or '?' at or after `at`, else text.size(): the bytes that may end a line, or may not.
std::size_t find_line_end(std::string_view text, std::size_t at);

}  // namespace pump::include_server
