// Copying a directive's operand: to the end of the logical line, comments as blanks, literals as they are.
#include "pump/include_server/lexer/assembler_text.h"
#include "pump/include_server/lexer/scan_directive.h"

#include <array>

namespace pump::include_server {
namespace {

enum class OperandByte : std::uint8_t { Plain, Word, Digit, Look };

constexpr std::array<OperandByte, 256> classify() {
  std::array<OperandByte, 256> table{};
  for (unsigned c = 0; c < 256; ++c) {
    const auto byte = static_cast<unsigned char>(c);
    if (is_identifier_byte(byte)) table[c] = OperandByte::Word;
    if (is_digit(byte)) table[c] = OperandByte::Digit;
  }
  for (const char c : std::string_view("/\"'<\\?\r\n\0", 9))
    table[static_cast<unsigned char>(c)] = OperandByte::Look;
  return table;
}
constexpr std::array<OperandByte, 256> kOperandBytes = classify();

}  // namespace

/// Up to what is more than itself: a number may have separators, the others begin comments, literals or
/// splices.
void DirectiveReader::copy_plain() {
  const std::string_view bytes = reader_.bytes();
  bool in_word =
      scan_.text.size() > operand_ && is_identifier_byte(static_cast<unsigned char>(scan_.text.back()));
  std::size_t end = reader_.at();
  for (; end < bytes.size(); ++end) {
    const OperandByte kind = kOperandBytes[static_cast<unsigned char>(bytes[end])];
    if (kind == OperandByte::Look || (kind == OperandByte::Digit && !in_word)) break;
    in_word = kind != OperandByte::Plain;
  }
  scan_.text.append(bytes, reader_.at(), end - reader_.at());
  reader_.go_to(end);
}

bool DirectiveReader::copy_comment() {
  const std::size_t start = reader_.at();
  const std::uint32_t start_line = reader_.line();
  reader_.take();
  const int c = reader_.peek();
  if (c == '*') {
    reader_.take();
    reader_.skip_block_comment();
    scan_.text += ' ';
    return true;
  }
  const LexMode& lex = scan_.mode.lex;
  if (c == '/' && lex.line_comments && !(lex.c90_comments && reader_.peek_second() == '*')) {
    reader_.skip_to_newline();
    return true;
  }
  reader_.go_to(start);
  reader_.set_line(start_line);
  return false;
}

void DirectiveReader::copy_operand(Operand operand) {
  std::string& text = scan_.text;
  for (;;) {
    copy_plain();
    const int c = reader_.peek();
    if (c == SourceReader::kEnd || c == '\n') return;
    if (c == '/' && copy_comment()) continue;
    if (c == '"' || c == '\'') {
      if (c == '"' && raw_prefix()) {
        copy_raw_string();
      } else {
        copy_quoted(static_cast<char>(c), operand != Operand::HeaderName);
      }
      continue;
    }
    if (c == '<' &&
        (operand == Operand::HeaderName || (operand == Operand::Expression && after_has_include()))) {
      if (copy_header_name()) continue;
    }
    if (is_digit(static_cast<unsigned char>(c)) &&
        (text.size() == operand_ || !is_identifier_byte(static_cast<unsigned char>(text.back())))) {
      copy_number();
      continue;
    }
    text += static_cast<char>(c == '\0' ? ' ' : c);
    reader_.take();
  }
}

void DirectiveReader::copy_number() {
  while (true) {
    const int c = reader_.peek();
    if (c == SourceReader::kEnd) return;
    if (c == '\'' && scan_.mode.lex.digit_separators) {
      const int after = reader_.peek_second();
      if (after == SourceReader::kEnd || !is_identifier_byte(static_cast<unsigned char>(after))) return;
    } else if (!is_identifier_byte(static_cast<unsigned char>(c)) && c != '.') {
      return;
    }
    scan_.text += static_cast<char>(c);
    reader_.take();
  }
}

void DirectiveReader::copy_quoted(char quote, bool escapes) {
  scan_.text += quote;
  reader_.take();
  for (int c = reader_.peek(); c != SourceReader::kEnd && c != '\n'; c = reader_.peek()) {
    scan_.text += static_cast<char>(c);
    reader_.take();
    if (c == quote) return;
    if (c != '\\' || !escapes) continue;
    const int escaped = reader_.peek();
    if (escaped == SourceReader::kEnd || escaped == '\n') return;
    scan_.text += static_cast<char>(escaped);
    reader_.take();
  }
}

/// `<...>` without comments or literals inside; nothing is copied where the line has no '>'.
bool DirectiveReader::copy_header_name() {
  const std::size_t start = reader_.at();
  if (start < no_angle_before_) return false;
  const std::uint32_t start_line = reader_.line();
  const std::size_t before = scan_.text.size();
  for (int c = reader_.peek(); c != SourceReader::kEnd && c != '\n'; c = reader_.peek()) {
    scan_.text += static_cast<char>(c);
    reader_.take();
    if (c == '>') return true;
  }
  scan_.text.resize(before);
  no_angle_before_ = reader_.at();
  reader_.go_to(start);
  reader_.set_line(start_line);
  return false;
}

bool DirectiveReader::raw_prefix() const {
  if (!scan_.mode.lex.raw_strings) return false;
  std::size_t begin = scan_.text.size();
  while (begin > operand_ && is_identifier_byte(static_cast<unsigned char>(scan_.text[begin - 1]))) --begin;
  return is_literal_prefix(std::string_view(scan_.text).substr(begin), true);
}

bool DirectiveReader::after_has_include() const {
  std::string_view text = std::string_view(scan_.text).substr(operand_);
  const auto drop_blanks = [&text] {
    while (!text.empty() && is_blank(static_cast<unsigned char>(text.back()))) text.remove_suffix(1);
  };
  drop_blanks();
  if (text.empty() || text.back() != '(') return false;
  text.remove_suffix(1);
  drop_blanks();
  for (const std::string_view name : {"__has_include", "__has_include_next", "__has_embed"})
    if (text.size() >= name.size() && text.substr(text.size() - name.size()) == name) return true;
  return false;
}

void DirectiveReader::skip_raw_string() {
  const std::size_t before = scan_.text.size();
  const std::uint32_t line = reader_.line();
  copy_raw_string();
  const std::string copied = scan_.text.substr(before);
  scan_.text.resize(before);
  const std::size_t open = copied.find('('), close = copied.rfind(')');
  if (open == std::string::npos || close == std::string::npos || close < open) return;
  const std::string_view text = std::string_view(copied).substr(open + 1, close - open - 1);
  if (may_name_assembler_file(text)) look_in_assembler(text, reader_.bytes().substr(reader_.at()), line);
}

void DirectiveReader::copy_raw_string() {
  // Splices and trigraphs mean nothing inside: read from the raw bytes.
  const std::string_view bytes = reader_.bytes();
  const std::size_t quote = reader_.at();
  std::size_t open = quote + 1;
  while (open < bytes.size() && open - quote <= 17 && bytes[open] != '(' && bytes[open] != ')' &&
         bytes[open] != '\\' && bytes[open] != '"' && !is_blank(static_cast<unsigned char>(bytes[open])))
    ++open;
  if (open >= bytes.size() || bytes[open] != '(' || open - quote > 17) {
    reader_.peek();
    copy_quoted('"', true);  // not a raw string the compiler would take
    return;
  }
  std::string terminator = ")";
  terminator += bytes.substr(quote + 1, open - quote - 1);
  terminator += '"';
  const std::size_t close = bytes.find(terminator, open);
  const std::size_t end = close == std::string_view::npos ? bytes.size() : close + terminator.size();
  scan_.text += bytes.substr(quote, end - quote);
  reader_.go_over(end);
}

}  // namespace pump::include_server
