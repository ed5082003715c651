#include "pump/include_server/lexer/module_line.h"

#include <algorithm>

#include "pump/include_server/lexer/token.h"

namespace pump::include_server {

bool may_be_module_line(std::string_view line) {
  const std::string_view word = line.substr(0, 6);
  return word == "import" || word == "module" || word == "export";
}

bool is_module_line(std::string_view text) {
  constexpr std::size_t kMostBytes = 512;
  std::string_view rest = text.substr(0, kMostBytes);
  rest = rest.substr(0, rest.find_first_of("\r\n"));
  const auto take_word = [&rest] {
    std::size_t end = 0;
    while (end < rest.size() && is_identifier_byte(static_cast<unsigned char>(rest[end]))) ++end;
    const std::string_view taken = rest.substr(0, end);
    rest = trim_blanks(rest.substr(end));
    return taken;
  };
  std::string_view first = take_word();
  if (first == "export") first = take_word();
  if (first != "import" && first != "module") return false;
  const char next = rest.empty() ? '\0' : rest.front();
  const std::size_t semicolon = rest.find(';');
  if (semicolon == std::string_view::npos) return false;
  if (first == "import" && (next == '<' || next == '"')) return true;
  if (next != ':' && !is_identifier_byte(static_cast<unsigned char>(next))) return false;
  const std::string_view name = rest.substr(0, semicolon);
  return std::all_of(name.begin(), name.end(), [](char c) {
    return is_identifier_byte(static_cast<unsigned char>(c)) || c == '.' || c == ':' || c == ' ' || c == '\t';
  });
}

}  // namespace pump::include_server
