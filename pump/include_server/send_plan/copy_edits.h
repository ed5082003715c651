// How the copy of a file that is sent differs from the file. The mirror writes the copies. Any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace pump::include_server {

/// Bytes [begin, end) of the file become `text`.
struct Replacement {
  std::size_t begin = 0, end = 0;
  std::string text;
};

struct CopyEdits {
  std::vector<Replacement> replacements;  ///< in order, not overlapping
  /// The name that a #line in the copy gives to the file (line_marker.h). Empty: no #line. Interned.
  std::string_view line_name;
  std::string_view prologue;  ///< whole lines before the #line; a constant
  unsigned padding = 0;       ///< newlines at the end: they keep files of equal content apart (same_file.h)
  /// False if the copy is equal to the file.
  [[nodiscard]] bool any() const {
    return !replacements.empty() || !line_name.empty() || !prologue.empty() || padding != 0;
  }
};

/// `bytes` with the replacements made.
std::string with_replacements(std::string_view bytes, const std::vector<Replacement>& replacements);

}  // namespace pump::include_server
