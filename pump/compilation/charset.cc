#include "pump/compilation/charset.h"

#include <array>
#include <string>

namespace pump::compilation {
namespace {

/// In lower case, without separators.
std::string plain_name(std::string_view charset) {
  std::string name;
  for (const char c : charset)
    if (c != '-' && c != '_' && c != '.') name += static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  return name;
}

}  // namespace

bool is_utf8(std::string_view charset) {
  const std::string name = plain_name(charset);
  return name == "utf8" || name == "ascii" || name == "usascii" || name.starts_with("ansix34");
}

bool is_ascii_compatible(std::string_view charset) {
  const std::string name = plain_name(charset);
  constexpr std::array<std::string_view, 9> kPrefixes = {"utf8",       "ascii", "usascii", "iso8859", "latin",
                                                         "windows125", "cp125", "koi8",    "ansix34"};
  for (const std::string_view prefix : kPrefixes)
    if (name.starts_with(prefix)) return true;
  return false;
}

}  // namespace pump::compilation
