// Decision: in a file that is one include guard, directly after the line of the guard; in any other, at the
// start, after a byte order mark.
//
// The guard makes gcc and clang skip the file the next time without opening it, but only where nothing stands
// before it (gcc: cppinternals, "The Multiple-Include Optimization"); boost opens some headers hundreds of
// times per unit without it. Inside the guard a directive is ordinary text. It must not stand inside a guard
// that does not reach to the end of the file, because what follows such a guard is read with the guard
// skipped. Where this reader is in doubt (lone carriage returns, which the compilers count differently;
// unbalanced conditionals, trigraphs of what it looks for) it takes the start.
//
// Rejected: `# 1 "name"` (a line marker resets gcc's system-header flag); the guard's #define line as the
// place (it need not follow the #ifndef).
#include "pump/include_server/send_plan/line_marker.h"

#include <fmt/format.h>

#include <algorithm>

#include "pump/include_server/lexer/skip_text.h"

namespace pump::include_server {

namespace {

constexpr std::string_view kMark = "\xEF\xBB\xBF";

bool is_letter(char c) {
  const auto u = static_cast<unsigned char>(c);
  return (u | 0x20U) - 'a' < 26U || u == '_' || u == '$' || u >= 0x80;
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\f' || c == '\v' || c == '\r';
}

/// Reads just enough of C to find directives: splices, comments, literals.
class GuardReader {
 public:
  explicit GuardReader(std::string_view text) : text_(text) {}

  /// The place after the guard's line, if one guard encloses the whole text.
  bool find(LinePlace& place) {
    skip_lines();
    if (!take_hash() || !guard_condition()) return false;
    skip_to_line_end();
    if (at_ == text_.size()) return false;
    place = {at_, line_};
    return !lone_return_ && guard_ends_the_text();
  }

 private:
  /// The current character, splices taken out; '\0' at the end.
  char peek() {
    while (at_ < text_.size() && text_[at_] == '\\') {
      std::size_t end = at_ + 1;
      while (end < text_.size() && is_blank(text_[end])) ++end;  // gcc allows blanks between
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

  /// At '/': a comment is skipped.
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
  /// Behind the beginning of a block comment: to behind its end, where no splice and no carriage return is in between.
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
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t')) ++at_;  // indentation, as a rule
    while (!done()) {
      if (is_blank(peek()))
        advance();
      else if (peek() != '/' || !skip_comment())
        return;
    }
  }
  /// As skip_blanks(), over words as well.
  void skip_plain() {
    at_ = skip_plain_text(text_, at_);
    skip_blanks();
  }
  void skip_lines() {
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
    while (!done() && (is_letter(peek()) || is_digit(peek()))) {
      name += peek();
      advance();
    }
    return name;
  }

  bool guard_condition() {
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

  void skip_to_line_end() {
    for (skip_plain(); !done(); skip_plain()) {
      if (take('\n')) return;
      skip_token();
    }
  }

  void skip_token() {
    const char c = peek();
    if (c == '"' || c == '\'') {
      skip_literal(c);
    } else if (is_letter(c)) {
      const std::string name = identifier();
      const bool raw = name == "R" || name == "LR" || name == "uR" || name == "UR" || name == "u8R";
      if (raw && !done() && peek() == '"') skip_raw_string();
    } else if (is_digit(c)) {
      skip_number();
    } else {
      advance();
    }
  }
  void skip_number() {
    while (!done()) {
      const char c = peek();
      const bool separator =
          c == '\'' && at_ + 1 < text_.size() && (is_letter(text_[at_ + 1]) || is_digit(text_[at_ + 1]));
      if (!is_letter(c) && !is_digit(c) && c != '.' && !separator) return;
      advance();
    }
  }
  /// Ends at the line's end at the latest: an apostrophe in skipped text opens nothing.
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
        skip_to_line_end();
        continue;
      }
      skip_blanks();
      const std::string directive = identifier();
      if (directive.starts_with("if")) ++depth;
      if (directive.starts_with("el") && depth == 1) return false;  // such a guard controls nothing
      if (directive == "endif") --depth;
      // The text of these is no C: an apostrophe in it may stand alone, which skip_literal() minds.
      skip_to_line_end();
    }
    skip_lines();
    return done();
  }

  std::string_view text_;
  std::size_t at_ = 0;
  unsigned line_ = 1;
  bool lone_return_ = false;
};

/// Splices and hashes, where the compiler takes trigraphs.
bool has_trigraphs(std::string_view text) {
  for (std::size_t at = text.find("??"); at != std::string_view::npos; at = text.find("??", at + 1))
    if (at + 2 < text.size() && (text[at + 2] == '/' || text[at + 2] == '=')) return true;
  return false;
}

}  // namespace

LinePlace line_directive_place(std::string_view text) {
  const std::size_t start = text.starts_with(kMark) ? kMark.size() : 0;
  LinePlace place;
  if (has_trigraphs(text) || !GuardReader(text.substr(start)).find(place)) return {start, 1};
  place.offset += start;
  return place;
}

std::string line_literal(std::string_view spelled) {
  std::string literal = "\"";
  for (const char c : spelled) {
    const auto u = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') literal += '\\';
    if (u < 0x20 || u == 0x7F)
      literal += fmt::format("\\{:03o}", u);
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
  out += fmt::format("#line {} {}\n", place.line, line_literal(spelled));
  out += text.substr(place.offset);
  return out;
}

}  // namespace pump::include_server
