#include "pump/include_server/lexer/assembler_text.h"

#include <algorithm>
#include <cstdint>

#include "pump/include_server/lexer/token.h"

namespace pump::include_server {
namespace {

constexpr std::string_view kBinary = "incbin", kText = "include";

constexpr char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
}

bool begins(std::string_view text, std::string_view word) {
  return text.size() >= word.size() && equal_ignoring_case(text.substr(0, word.size()), word);
}

bool is_word_byte(char c) {
  return is_identifier_byte(static_cast<unsigned char>(c));
}

/// At least the point and one letter of the word: a point alone ends many texts.
bool ends_within_word(std::string_view text) {
  const std::size_t point = text.rfind('.');
  if (point == std::string_view::npos) return false;
  const std::string_view rest = text.substr(point + 1);
  return !rest.empty() && ((rest.size() < kBinary.size() && begins(kBinary, rest)) ||
                           (rest.size() < kText.size() && begins(kText, rest)));
}

/// Reads the name in `rest`, the text after the word. `pointed`: there is a point before the word.
bool read_name(std::string_view rest, bool pointed, AssemblerName& found) {
  if (!rest.empty() && is_word_byte(rest.front())) return false;
  rest.remove_prefix(std::min(rest.find_first_not_of(" \t"), rest.size()));
  if (rest.empty()) {
    found.end = AssemblerName::End::Word;
    return true;
  }
  if (rest.front() != '"') {
    // An argument of an assembler macro, an operand, or a comment before the name. Otherwise it is prose.
    found.end = AssemblerName::End::Name;
    return pointed && (rest.front() == '\\' || rest.front() == '%' || rest.starts_with("/*"));
  }
  const std::size_t close = rest.find('"', 1);
  found.end = close == std::string_view::npos ? AssemblerName::End::Name : AssemblerName::End::Whole;
  found.name = rest.substr(1, close == std::string_view::npos ? close : close - 1);
  return true;
}

}  // namespace

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return lower(x) == lower(y); });
}

bool may_name_assembler_file(std::string_view text) {
  for (std::size_t i = 1; i < text.size(); ++i) {
    if ((text[i] | 0x20) != 'n' || (text[i - 1] | 0x20) != 'i') continue;
    const char next = i + 1 < text.size() ? text[i + 1] : '"';
    if (next == '"' || (next | 0x20) == 'c') return true;
  }
  const std::string_view inside = text.ends_with('"') ? text.substr(0, text.size() - 1) : text;
  return inside.ends_with(".i") || inside.ends_with(".I");
}

std::vector<AssemblerName> find_assembler_files(std::string_view text) {
  std::vector<AssemblerName> all;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (lower(text[at]) != 'i') continue;
    const std::string_view here = text.substr(at);
    const bool pointed = at > 0 && text[at - 1] == '.';
    // The point may be in the literal before.
    const bool binary = begins(here, kBinary) && (pointed || at == 0);
    if (!binary && !(pointed && begins(here, kText))) continue;
    AssemblerName found;
    found.binary = binary;
    if (read_name(here.substr((binary ? kBinary : kText).size()), pointed, found))
      all.push_back(std::move(found));
  }
  if (ends_within_word(text)) all.push_back({{}, AssemblerName::End::PartOfWord, false});
  return all;
}

bool opens_files(std::string_view text) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (lower(text[at]) != 'i') continue;
    const std::string_view rest = text.substr(at);
    if (begins(rest, kBinary) || begins(rest, kText)) return true;
  }
  return false;
}

bool is_computed(std::string_view name) {
  if (name.empty() || name.find('\\') != std::string_view::npos) return true;
  // %0, %c1, %[name]
  for (std::size_t at = name.find('%'); at != std::string_view::npos; at = name.find('%', at + 1)) {
    std::string_view rest = name.substr(at + 1);
    if (rest.size() > 1 && !is_digit(static_cast<unsigned char>(rest.front())) && rest.front() != '[')
      rest.remove_prefix(1);
    if (!rest.empty() && (is_digit(static_cast<unsigned char>(rest.front())) || rest.front() == '['))
      return true;
  }
  return false;
}

bool statement_outside_literals(std::string_view text, bool assembler) {
  bool inside = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (inside && text[at] == '\\') {
      ++at;
    } else if (text[at] == '"') {
      inside = !inside;
    } else if (!inside && text[at] == '.') {
      const std::string_view rest = text.substr(at + 1);
      const bool binary = begins(rest, kBinary);
      if (!binary && !(assembler && begins(rest, kText))) continue;
      const std::size_t size = (binary ? kBinary : kText).size();
      if (rest.size() == size || !is_word_byte(rest[size])) return true;
    }
  }
  return false;
}

std::string unescaped(std::string_view literal) {
  std::string plain;
  for (std::size_t i = 0; i < literal.size(); ++i) {
    if (literal[i] != '\\' || i + 1 == literal.size()) {
      plain += literal[i];
      continue;
    }
    const char c = literal[++i];
    const auto number = [&](unsigned base, std::size_t most) {
      unsigned value = 0;
      for (std::size_t digits = 0; digits < most && i < literal.size(); ++digits, ++i) {
        const auto digit = static_cast<unsigned>(digit_value(literal[i]));
        if (digit >= base) break;
        value = value * base + digit;
      }
      --i;
      plain += static_cast<char>(value & 0xFFU);
    };
    if (c == 'x') {
      ++i;
      number(16, literal.size());
    } else if (c >= '0' && c <= '7') {
      number(8, 3);
    } else {
      plain += c == 't' ? '\t' : c == 'n' ? '\n' : c == 'v' || c == 'f' || c == 'r' ? ' ' : c;
    }
  }
  return plain;
}

}  // namespace pump::include_server
