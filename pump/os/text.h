// Operations on text. Pure; any thread.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace pump::os {

/// `text` without the blanks at its ends: spaces, tabs, line ends, form feeds, vertical tabs, NULs.
inline std::string_view trim_blanks(std::string_view text) {
  constexpr std::string_view kBlanks(" \t\n\v\f\r\0", 7);
  const std::size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

/// The parts of `text`: one more than it has separators, so the empty text has one empty part.
std::vector<std::string_view> split(std::string_view text, char separator);

/// Calls `visit(line)` for each line, without its newline, which the last line may lack.
template <typename Visit>
void for_each_line(std::string_view text, const Visit& visit) {
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = std::min(text.find('\n', start), text.size());
    visit(text.substr(start, end - start));
    start = end + 1;
  }
}

/// The text in one line for a terminal or a log: control characters, also those of UTF-8 (U+0080 to U+009F), as "\x1b".
/// A file's name may contain any.
std::string printable(std::string_view text);

}  // namespace pump::os
