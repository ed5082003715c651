#include "pump/include_server/token.h"

#include <algorithm>

namespace pump::include_server {
namespace {

class Tokenizer {
 public:
  Tokenizer(std::string_view text, const LexMode& mode, HeaderNames header_names, std::vector<Token>& tokens)
      : text_(text), mode_(mode), header_names_(header_names), tokens_(tokens) {}

  void run() {
    while (true) {
      bool space = false;
      while (at_ < text_.size() && is_blank(byte(at_))) {
        ++at_;
        space = true;
      }
      if (at_ >= text_.size()) return;
      const std::size_t begin = at_;
      const TokenKind kind = next();
      std::string_view spelled = text_.substr(begin, at_ - begin);
      if (spelled == "%:") spelled = "#";
      if (spelled == "%:%:") spelled = "##";
      const unsigned flags = space ? kSpaceBefore | kShownSpace : 0U;
      tokens_.push_back(Token{intern(spelled), kind, static_cast<std::uint8_t>(flags), 0});
    }
  }

 private:
  [[nodiscard]] unsigned char byte(std::size_t at) const {
    return at < text_.size() ? static_cast<unsigned char>(text_[at]) : 0;
  }
  [[nodiscard]] bool identifier_part(unsigned char c) const {
    return is_identifier_start(c) || is_digit(c) || (c == '$' && mode_.dollars);
  }

  TokenKind next() {
    const unsigned char c = byte(at_);
    if (is_identifier_start(c) || (c == '$' && mode_.dollars)) return identifier();
    if (is_digit(c) || (c == '.' && is_digit(byte(at_ + 1)))) return number();
    if (c == '"') return quoted('"', TokenKind::String);
    if (c == '\'') return quoted('\'', TokenKind::Character);
    if (c == '<' && !no_more_closing_ && header_name_here()) {
      const std::size_t close = text_.find('>', at_);
      if (close != std::string_view::npos) {
        at_ = close + 1;
        return TokenKind::HeaderName;
      }
      no_more_closing_ = true;
    }
    return punctuator();
  }

  [[nodiscard]] bool header_name_here() const {
    if (header_names_ == HeaderNames::None) return false;
    if (header_names_ == HeaderNames::Anywhere) return true;
    if (tokens_.size() < 2 || !tokens_.back().is(known::kOpen)) return false;
    const Symbol before = tokens_[tokens_.size() - 2].text;
    return before == known::kHasInclude || before == known::kHasIncludeNext || before == known::kHasEmbed;
  }

  TokenKind identifier() {
    const std::size_t begin = at_;
    unsigned char bytes = 0;
    for (; at_ < text_.size() && identifier_part(byte(at_)); ++at_) bytes |= byte(at_);
    if (bytes >= 0x80) at_ = std::max(begin + 1, std::min(at_, end_of_identifier(text_, begin)));
    const std::string_view name = text_.substr(begin, at_ - begin);
    const unsigned char quote = byte(at_);
    if (quote == '"' && mode_.raw_strings && is_literal_prefix(name, true)) return raw_string();
    if ((quote == '"' || quote == '\'') && is_literal_prefix(name, false))
      return quoted(static_cast<char>(quote), quote == '"' ? TokenKind::String : TokenKind::Character);
    return TokenKind::Identifier;
  }

  TokenKind number() {
    while (at_ < text_.size()) {
      const unsigned char c = byte(at_);
      const unsigned char following = byte(at_ + 1);
      if ((c == 'e' || c == 'E' || c == 'p' || c == 'P') && (following == '+' || following == '-')) {
        at_ += 2;
      } else if (identifier_part(c) || c == '.') {
        ++at_;
      } else if (c == '\'' && mode_.digit_separators &&
                 (is_digit(following) || is_identifier_start(following))) {
        at_ += 2;
      } else {
        break;
      }
    }
    return TokenKind::Number;
  }

  TokenKind quoted(char quote, TokenKind kind) {
    for (++at_; at_ < text_.size(); ++at_) {
      if (text_[at_] == '\\' && at_ + 1 < text_.size()) {
        ++at_;
      } else if (text_[at_] == quote) {
        ++at_;
        return kind;
      }
    }
    return TokenKind::Other;
  }

  TokenKind raw_string() {
    const std::size_t open = text_.find('(', at_);
    if (open == std::string_view::npos) return quoted('"', TokenKind::String);
    std::string terminator = ")";
    terminator += text_.substr(at_ + 1, open - at_ - 1);
    terminator += '"';
    const std::size_t close = text_.find(terminator, open);
    at_ = close == std::string_view::npos ? text_.size() : close + terminator.size();
    return TokenKind::String;
  }

  TokenKind punctuator() {
    static constexpr std::string_view kLong[] = {
        "%:%:", "...", "<=>", "<<=", ">>=", "->*", "##", "%:", "<<", ">>", "<=", ">=", "==", "!=", "&&",
        "||",   "->",  "++",  "--",  "::",  "+=",  "-=", "*=", "/=", "%=", "&=", "|=", "^=", ".*"};
    const std::string_view rest = text_.substr(at_);
    for (const std::string_view candidate : kLong) {
      if (rest.substr(0, candidate.size()) == candidate) {
        at_ += candidate.size();
        return TokenKind::Punctuator;
      }
    }
    ++at_;
    return TokenKind::Punctuator;
  }

  std::string_view text_;
  const LexMode& mode_;
  HeaderNames header_names_;
  std::vector<Token>& tokens_;
  std::size_t at_ = 0;
  bool no_more_closing_ = false;  ///< no '>' follows
};

}  // namespace

std::size_t end_of_identifier(std::string_view text, std::size_t at) {
  for (; at < text.size() && is_identifier_byte(static_cast<unsigned char>(text[at])); ++at) {
    if (static_cast<unsigned char>(text[at]) < 0x80) [[likely]]
      continue;
    if (text.compare(at, 2, "\xc2\xa0") == 0) return at;
    if (text.compare(at, 2, "\xe2\x80") != 0 || at + 2 >= text.size()) continue;
    const auto last = static_cast<unsigned char>(text[at + 2]);
    if (last <= 0x8a || (last >= 0x8e && last <= 0xa9) || (last >= 0xaf && last <= 0xbe)) return at;
  }
  return at;
}

std::string_view trim_blanks(std::string_view text) {
  while (!text.empty() && is_blank(static_cast<unsigned char>(text.front()))) text.remove_prefix(1);
  while (!text.empty() && is_blank(static_cast<unsigned char>(text.back()))) text.remove_suffix(1);
  return text;
}

bool is_literal_prefix(std::string_view identifier, bool raw) {
  if (raw) {
    if (identifier.empty() || identifier.back() != 'R') return false;
    identifier.remove_suffix(1);
    if (identifier.empty()) return true;
  }
  return identifier == "u8" || identifier == "u" || identifier == "U" || identifier == "L";
}

void tokenize(std::string_view text, const LexMode& mode, HeaderNames header_names,
              std::vector<Token>& tokens) {
  Tokenizer(text, mode, header_names, tokens).run();
}

}  // namespace pump::include_server
