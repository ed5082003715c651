#include "pump/include_server/send_plan/include_guard.h"

#include <algorithm>
#include <string>

#include "pump/include_server/lexer/skip_text.h"
#include "pump/include_server/lexer/token.h"

namespace pump::include_server {
namespace {

bool is_blank_in_line(char c) {
  return c == ' ' || c == '\t' || c == '\f' || c == '\v' || c == '\r';
}
bool is_identifier_character(char c) {
  return is_identifier_byte(static_cast<unsigned char>(c));
}
bool is_digit_character(char c) {
  return is_digit(static_cast<unsigned char>(c));
}

/// Reads what is needed to find directives: splices, comments and literals.
class GuardReader {
 public:
  explicit GuardReader(std::string_view text) : text_(text) {}

  /// The line after the guard's, if one guard encloses the whole text.
  std::optional<LinePlace> find() {
    skip_empty_lines();
    if (!take_hash() || !take_guard_condition()) return std::nullopt;
    skip_line();
    if (at_ == text_.size()) return std::nullopt;
    const LinePlace place{at_, line_};
    if (lone_return_ || !guard_ends_the_text()) return std::nullopt;
    return place;
  }

 private:
  /// The current character after any splices; '\0' at the end.
  char peek() {
    while (at_ < text_.size() && text_[at_] == '\\') {
      std::size_t end = at_ + 1;
      while (end < text_.size() && is_blank_in_line(text_[end]))
        ++end;  // gcc allows blanks before the newline
      if (end == text_.size() || text_[end] != '\n') break;
      at_ = end + 1;
      ++line_;
    }
    return at_ < text_.size() ? text_[at_] : '\0';
  }
  void advance() {
    if (text_[at_] == '\n') ++line_;
    if (text_[at_] == '\r' && (at_ + 1 == text_.size() || text_[at_ + 1] != '\n')) lone_return_ = true;
    ++at_;
  }
  bool done() { return peek() == '\0' && at_ >= text_.size(); }
  bool take(char c) {
    if (done() || peek() != c) return false;
    advance();
    return true;
  }

  /// At '/': skips a comment and returns true, or stays.
  bool skip_comment() {
    const std::size_t at = at_;
    const unsigned line = line_;
    advance();
    if (take('*')) {
      if (skip_plain_comment()) return true;
      for (char before = '\0'; !done();) {
        const char c = peek();
        advance();
        if (before == '*' && c == '/') return true;
        before = c;
      }
      return true;
    }
    if (!done() && peek() == '/') {
      while (!done() && peek() != '\n') {
        advance();
        at_ = find_line_end(text_, at_);
      }
      return true;
    }
    at_ = at;
    line_ = line;
    return false;
  }
  /// After the beginning of a block comment: skips it, unless it contains a splice or a carriage return.
  bool skip_plain_comment() {
    const std::size_t end = text_.find("*/", at_);
    if (end == std::string_view::npos) return false;
    const std::string_view inside = text_.substr(at_, end - at_);
    if (inside.find('\\') != std::string_view::npos || inside.find('\r') != std::string_view::npos)
      return false;
    line_ += static_cast<unsigned>(std::count(inside.begin(), inside.end(), '\n'));
    at_ = end + 2;
    return true;
  }
  /// Blanks and comments within a line.
  void skip_blanks() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t')) ++at_;  // fast for indentation
    while (!done()) {
      if (is_blank_in_line(peek()))
        advance();
      else if (peek() != '/' || !skip_comment())
        return;
    }
  }
  /// Skips blanks, comments and words without literals.
  void skip_plain() {
    at_ = skip_plain_text(text_, at_);
    skip_blanks();
  }
  void skip_empty_lines() {
    for (skip_blanks(); take('\n'); skip_blanks()) {
    }
  }
  bool take_hash() {
    if (take('#')) return true;
    const std::size_t at = at_;
    const unsigned line = line_;
    if (take('%') && take(':')) return true;
    at_ = at;
    line_ = line;
    return false;
  }
  std::string identifier() {
    std::string name;
    while (!done() && (is_identifier_character(peek()))) {
      name += peek();
      advance();
    }
    return name;
  }

  /// `ifndef X`, `if !defined X` or `if !defined(X)`, up to the line's end.
  bool take_guard_condition() {
    skip_blanks();
    const std::string directive = identifier();
    skip_blanks();
    if (directive == "ifndef") return !identifier().empty();
    if (directive != "if" || !take('!')) return false;
    skip_blanks();
    if (identifier() != "defined") return false;
    skip_blanks();
    const bool parenthesis = take('(');
    skip_blanks();
    if (identifier().empty()) return false;
    skip_blanks();
    if (parenthesis && !take(')')) return false;
    skip_blanks();
    return !done() && peek() == '\n';
  }

  void skip_line() {
    for (skip_plain(); !done(); skip_plain()) {
      if (take('\n')) return;
      skip_token();
    }
  }

  void skip_token() {
    const char c = peek();
    if (c == '"' || c == '\'') {
      skip_literal(c);
    } else if (is_digit_character(c)) {
      skip_number();
    } else if (is_identifier_character(c)) {
      const std::string name = identifier();
      const bool raw = name == "R" || name == "LR" || name == "uR" || name == "UR" || name == "u8R";
      if (raw && !done() && peek() == '"') skip_raw_string();
    } else {
      advance();
    }
  }
  void skip_number() {
    while (!done()) {
      const char c = peek();
      const bool separator = c == '\'' && at_ + 1 < text_.size() && is_identifier_character(text_[at_ + 1]);
      if (!is_identifier_character(c) && c != '.' && !separator) return;
      advance();
    }
  }
  /// To the closing quote, or to the end of the line: an apostrophe in skipped text has no partner.
  void skip_literal(char quote) {
    advance();
    while (!done() && peek() != '\n') {
      const char c = peek();
      advance();
      if (c == quote) return;
      if (c == '\\' && !done() && peek() != '\n') advance();
    }
  }
  void skip_raw_string() {
    const std::size_t open = text_.find('(', at_ + 1);
    if (open == std::string_view::npos || open - at_ > 17) return advance();
    const std::string end = ")" + std::string(text_.substr(at_ + 1, open - at_ - 1)) + "\"";
    const std::size_t close = text_.find(end, open);
    const std::size_t stop = close == std::string_view::npos ? text_.size() : close + end.size();
    while (at_ < stop) advance();
  }

  bool guard_ends_the_text() {
    for (unsigned depth = 1; depth > 0;) {
      skip_blanks();
      if (done()) return false;
      if (!take_hash()) {
        skip_line();
        continue;
      }
      skip_blanks();
      const std::string directive = identifier();
      if (directive.starts_with("if")) ++depth;
      if (directive.starts_with("el") && depth == 1) return false;  // the guard does not enclose what follows
      if (directive == "endif") --depth;
      skip_line();
    }
    skip_empty_lines();
    return done();
  }

  std::string_view text_;
  std::size_t at_ = 0;
  unsigned line_ = 1;
  bool lone_return_ = false;
};

/// True if the text has a trigraph of a backslash or a '#'. Compilers read them in some modes only.
bool has_trigraphs(std::string_view text) {
  for (std::size_t at = text.find("??"); at != std::string_view::npos; at = text.find("??", at + 1))
    if (at + 2 < text.size() && (text[at + 2] == '/' || text[at + 2] == '=')) return true;
  return false;
}

}  // namespace

std::optional<LinePlace> line_after_guard(std::string_view text) {
  if (has_trigraphs(text)) return std::nullopt;
  return GuardReader(text).find();
}

}  // namespace pump::include_server
