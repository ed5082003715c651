// What a compiler printed, line by line. Pure.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace pump::include_server {

/// `visit(line)` for each, without its newline; the last one may lack it.
template <typename Visit>
void for_each_line(std::string_view text, Visit visit) {
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = std::min(text.find('\n', start), text.size());
    visit(text.substr(start, end - start));
    start = end + 1;
  }
}

}  // namespace pump::include_server
