// The lines that a probe's text leaves in a compiler's output: a word that begins with "pump_", then what
// became of the rest. Pure; any thread.
#pragma once

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <string_view>

namespace pump::include_server {

/// True if the first word of `line` is `word`.
inline bool first_word_is(std::string_view line, std::string_view word) {
  return line.starts_with(word) && (line.size() == word.size() || line[word.size()] == ' ');
}

/// "pump_name 12" -> 12. 0 if there is no number.
inline std::size_t number_in(std::string_view line) {
  std::size_t number = 0;
  const std::size_t at = std::min(line.find(' '), line.size() - 1) + 1;
  std::from_chars(line.data() + at, line.data() + line.size(), number);
  return number;
}

}  // namespace pump::include_server
