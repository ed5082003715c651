#include "pump/include_server/send_plan/line_marker.h"

#include "pump/include_server/send_plan/include_guard.h"
#include "pump/os/format.h"

namespace pump::include_server {

LinePlace line_directive_place(std::string_view text) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  const std::size_t start = text.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0;
  LinePlace place = line_after_guard(text.substr(start)).value_or(LinePlace{});
  place.offset += start;
  return place;
}

std::string line_literal(std::string_view spelled) {
  std::string literal = "\"";
  for (const char c : spelled) {
    const auto u = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') literal += '\\';
    if (u < 0x20 || u == 0x7F)
      literal += os::format("\\{:03o}", u);
    else
      literal += c;
  }
  literal += '"';
  return literal;
}

std::string with_line_directive(std::string_view text, std::string_view spelled, std::string_view prologue) {
  const LinePlace place = line_directive_place(text);
  std::string out;
  out.reserve(text.size() + spelled.size() + prologue.size() + 24);
  out += text.substr(0, place.offset);
  out += prologue;
  out += os::format("#line {} {}\n", place.line, line_literal(spelled));
  out += text.substr(place.offset);
  return out;
}

}  // namespace pump::include_server
