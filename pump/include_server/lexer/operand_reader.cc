#include "pump/include_server/lexer/operand_reader.h"

#include <array>

namespace pump::include_server {
namespace {

/// How a byte is copied: Special ones may begin a comment, literal, splice or header name, or end the line.
enum class OperandByte : std::uint8_t { Plain, Word, Digit, Special };

constexpr std::array<OperandByte, 256> classify() {
  std::array<OperandByte, 256> table{};
  for (unsigned c = 0; c < 256; ++c) {
    const auto byte = static_cast<unsigned char>(c);
    if (is_identifier_byte(byte)) table[c] = OperandByte::Word;
    if (is_digit(byte)) table[c] = OperandByte::Digit;
  }
  for (const char c : std::string_view("/\"'<\\?\r\n\0", 9))
    table[static_cast<unsigned char>(c)] = OperandByte::Special;
  return table;
}
constexpr std::array<OperandByte, 256> kOperandBytes = classify();

}  // namespace

/// Copies bytes up to a special one or a number, which may have separators.
void OperandReader::copy_plain() {
  const std::string_view bytes = reader_.bytes();
  bool in_word = text_.size() > start_ && is_identifier_byte(static_cast<unsigned char>(text_.back()));
  std::size_t end = reader_.at();
  for (; end < bytes.size(); ++end) {
    const OperandByte kind = kOperandBytes[static_cast<unsigned char>(bytes[end])];
    if (kind == OperandByte::Special || (kind == OperandByte::Digit && !in_word)) break;
    in_word = kind != OperandByte::Plain;
  }
  text_.append(bytes, reader_.at(), end - reader_.at());
  reader_.go_to(end);
}

bool OperandReader::copy_comment() {
  const SourceReader::Position start = reader_.position();
  reader_.take();
  const int c = reader_.peek();
  if (c == '*') {
    reader_.take();
    reader_.skip_block_comment();
    text_ += ' ';
    return true;
  }
  if (c == '/' && lex_.line_comments && !(lex_.c90_comments && reader_.peek_second() == '*')) {
    reader_.skip_to_newline();
    return true;
  }
  reader_.return_to(start);
  return false;
}

void OperandReader::copy_line(Kind kind) {
  for (;;) {
    copy_plain();
    const int c = reader_.peek();
    if (c == SourceReader::kEnd || c == '\n') return;
    if (c == '/' && copy_comment()) continue;
    if (c == '"' || c == '\'') {
      if (c == '"' && after_raw_prefix()) {
        copy_raw_string();
      } else {
        copy_quoted(static_cast<char>(c), kind != Kind::HeaderName);
      }
      continue;
    }
    if (c == '<' && (kind == Kind::HeaderName || (kind == Kind::Expression && after_has_include()))) {
      if (copy_header_name()) continue;
    }
    if (is_digit(static_cast<unsigned char>(c)) &&
        (text_.size() == start_ || !is_identifier_byte(static_cast<unsigned char>(text_.back())))) {
      copy_number();
      continue;
    }
    text_ += static_cast<char>(c == '\0' ? ' ' : c);
    reader_.take();
  }
}

void OperandReader::copy_number() {
  while (true) {
    const int c = reader_.peek();
    if (c == SourceReader::kEnd) return;
    if (c == '\'' && lex_.digit_separators) {
      const int after = reader_.peek_second();
      if (after == SourceReader::kEnd || !is_identifier_byte(static_cast<unsigned char>(after))) return;
    } else if (!is_identifier_byte(static_cast<unsigned char>(c)) && c != '.') {
      return;
    }
    text_ += static_cast<char>(c);
    reader_.take();
  }
}

void OperandReader::copy_quoted(char quote, bool escapes) {
  text_ += quote;
  reader_.take();
  for (int c = reader_.peek(); c != SourceReader::kEnd && c != '\n'; c = reader_.peek()) {
    text_ += static_cast<char>(c);
    reader_.take();
    if (c == quote) return;
    if (c != '\\' || !escapes) continue;
    const int escaped = reader_.peek();
    if (escaped == SourceReader::kEnd || escaped == '\n') return;
    text_ += static_cast<char>(escaped);
    reader_.take();
  }
}

/// `<...>` without comments or literals inside; nothing is copied if the line has no '>'.
bool OperandReader::copy_header_name() {
  const SourceReader::Position start = reader_.position();
  if (start.at < no_angle_before_) return false;
  const std::size_t before = text_.size();
  for (int c = reader_.peek(); c != SourceReader::kEnd && c != '\n'; c = reader_.peek()) {
    text_ += static_cast<char>(c);
    reader_.take();
    if (c == '>') return true;
  }
  text_.resize(before);
  no_angle_before_ = reader_.at();
  reader_.return_to(start);
  return false;
}

bool OperandReader::after_raw_prefix() const {
  if (!lex_.raw_strings) return false;
  std::size_t begin = text_.size();
  while (begin > start_ && is_identifier_byte(static_cast<unsigned char>(text_[begin - 1]))) --begin;
  return is_literal_prefix(std::string_view(text_).substr(begin), true);
}

bool OperandReader::after_has_include() const {
  std::string_view text = std::string_view(text_).substr(start_);
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

std::string OperandReader::take_quoted() {
  begin();
  copy_quoted('"', true);
  std::string literal(copied());
  drop();
  return literal;
}

std::string OperandReader::take_raw_string() {
  begin();
  copy_raw_string();
  std::string literal(copied());
  drop();
  return literal;
}

void OperandReader::copy_raw_string() {
  // Read from the raw bytes: splices and trigraphs have no meaning inside.
  const std::string_view bytes = reader_.bytes();
  const std::size_t quote = reader_.at();
  std::size_t open = quote + 1;
  while (open < bytes.size() && open - quote <= 17 && bytes[open] != '(' && bytes[open] != ')' &&
         bytes[open] != '\\' && bytes[open] != '"' && !is_blank(static_cast<unsigned char>(bytes[open])))
    ++open;
  if (open >= bytes.size() || bytes[open] != '(' || open - quote > 17) {
    reader_.peek();
    copy_quoted('"', true);  // not a raw string to the compiler
    return;
  }
  std::string terminator = ")";
  terminator += bytes.substr(quote + 1, open - quote - 1);
  terminator += '"';
  const std::size_t close = bytes.find(terminator, open);
  const std::size_t end = close == std::string_view::npos ? bytes.size() : close + terminator.size();
  text_ += bytes.substr(quote, end - quote);
  reader_.go_over(end);
}

}  // namespace pump::include_server
