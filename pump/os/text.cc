#include "pump/os/text.h"

namespace pump::os {

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::string printable(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string result;
  result.reserve(text.size());
  const auto append_escaped = [&](unsigned char byte) {
    result += "\\x";
    result += kDigits[byte >> 4U];
    result += kDigits[byte & 15U];
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const auto next = i + 1 < text.size() ? static_cast<unsigned char>(text[i + 1]) : 0U;
    if (byte < ' ' || byte == 0x7f) {
      append_escaped(byte);
    } else if (byte == 0xc2 && next >= 0x80 && next < 0xa0) {
      append_escaped(byte);
      append_escaped(static_cast<unsigned char>(next));
      ++i;
    } else {
      result += text[i];
    }
  }
  return result;
}

}  // namespace pump::os
