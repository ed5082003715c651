// Skips text that does not matter to a reader of directives. Pure functions.
//
// Most bytes of a source are identifiers, numbers, blanks and operators. The two readers of directives
// (scan.cc and send_plan/include_guard.cc) skip them sixteen at a time, up to what may begin a comment, a
// literal, a splice or an operator that acts like a directive.
#pragma once

#include <cstddef>
#include <string_view>

namespace pump::include_server {

/// The first place at or after `at` at which a token matters: a quote, '/', '\\', '?', '\r', '\n', the start
/// of an identifier or number directly before one of these, or the start of an identifier that contains
/// "_Pragma", "_TIMESTAMP_", "_TIME__", "_DATE__" or "_BASE_FILE_"; text.size() if there is none. A token or a blank must begin at
/// `at`; one begins at the result.
std::size_t skip_plain_text(std::string_view text, std::size_t at);

/// The first byte at or after `at` that may end a line or be part of a splice: '\n', '\r', '\\' or '?'; else
/// text.size().
std::size_t find_line_end(std::string_view text, std::size_t at);

}  // namespace pump::include_server
