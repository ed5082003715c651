#include "pump/include_server/lexer/token.h"

#include <algorithm>
#include <array>
#include <optional>

namespace pump::include_server {
namespace {

/// Letters for every compiler in every mode that allows letters beyond ASCII: the lists of C99, C11 and
/// Unicode's XID agree about these. Others are letters in some modes only.
bool is_letter(char32_t c) {
  struct Range {
    char32_t first, last;
  };
  static constexpr std::array<Range, 12> kLetters = {{{0xC0, 0xD6},
                                                      {0xD8, 0xF6},
                                                      {0xF8, 0x17F},
                                                      {0x391, 0x3A1},
                                                      {0x3A3, 0x3C9},
                                                      {0x410, 0x44F},
                                                      {0x5D0, 0x5EA},
                                                      {0x3041, 0x3093},
                                                      {0x30A1, 0x30F6},
                                                      {0x4E00, 0x9FA5},
                                                      {0xAC00, 0xD7A3},
                                                      {0x621, 0x63A}}};
  return std::any_of(kLetters.begin(), kLetters.end(),
                     [c](const Range& range) { return c >= range.first && c <= range.last; });
}

struct Character {
  char32_t code = 0;
  std::size_t length = 0;
};

/// The UTF-8 sequence at `at`; nothing if it is malformed or has four bytes (no letter of is_letter() has).
std::optional<Character> utf8_character(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) {
    return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0U;
  };
  const auto continues = [&](std::size_t i) { return (byte(i) & 0xC0U) == 0x80U; };
  if (byte(0) >= 0xC2 && byte(0) <= 0xDF && continues(1))
    return Character{((byte(0) & 0x1FU) << 6U) | (byte(1) & 0x3FU), 2};
  if ((byte(0) & 0xF0U) == 0xE0U && continues(1) && continues(2)) {
    const char32_t code = ((byte(0) & 0x0FU) << 12U) | ((byte(1) & 0x3FU) << 6U) | (byte(2) & 0x3FU);
    if (code >= 0x800) return Character{code, 3};
  }
  return std::nullopt;
}

void append_utf8(std::string& to, char32_t code) {
  if (code < 0x800) {
    to += static_cast<char>(0xC0U | (code >> 6U));
  } else {
    to += static_cast<char>(0xE0U | (code >> 12U));
    to += static_cast<char>(0x80U | ((code >> 6U) & 0x3FU));
  }
  to += static_cast<char>(0x80U | (code & 0x3FU));
}

/// \u00e9 and \U000000e9 at `at`; nothing for other forms, or if digits are missing.
std::optional<Character> universal_character(std::string_view text, std::size_t at) {
  const std::size_t digits = text[at + 1] == 'u' ? 4 : text[at + 1] == 'U' ? 8 : 0;
  if (digits == 0 || at + 2 + digits > text.size()) return std::nullopt;
  char32_t code = 0;
  for (const char c : text.substr(at + 2, digits)) {
    if (digit_value(c) >= 16) return std::nullopt;
    code = code << 4U | static_cast<char32_t>(digit_value(c));
  }
  return Character{code, 2 + digits};
}

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
      if (mode_.digraphs && spelled == "%:") spelled = "#";
      if (mode_.digraphs && spelled == "%:%:") spelled = "##";
      unsigned flags = space ? kSpaceBefore | kShownSpace : 0U;
      if (kind == TokenKind::Unknown) spelled = {};
      if (!respelled_.empty()) {
        spelled = respelled_;
        flags |= kRespelled;
      }
      tokens_.push_back(Token{intern(spelled), kind, static_cast<std::uint8_t>(flags), 0});
      respelled_.clear();
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
    if (is_identifier_start(c) || (c == '$' && mode_.dollars) || is_universal_name(text_, at_))
      return identifier();
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
    if (bytes >= 0x80 || is_universal_name(text_, at_)) return uncommon_identifier(begin);
    const std::string_view name = text_.substr(begin, at_ - begin);
    const unsigned char quote = byte(at_);
    if (quote == '"' && mode_.raw_strings && is_literal_prefix(name, true)) return raw_string();
    if ((quote == '"' || quote == '\'') && is_literal_prefix(name, false))
      return quoted(static_cast<char>(quote), quote == '"' ? TokenKind::String : TokenKind::Character);
    return TokenKind::Identifier;
  }

  TokenKind uncommon_identifier(std::size_t begin) {
    Word word = read_word(text_, begin, mode_);
    at_ = std::max(begin + 1, word.end);
    if (!word.certain) return TokenKind::Unknown;
    if (!word.plain) respelled_ = std::move(word.spelled);
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
  bool no_more_closing_ = false;  ///< the rest of the text has no '>'
  std::string respelled_;         ///< Word::spelled of the current token, or empty
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

bool is_universal_name(std::string_view text, std::size_t at) {
  if (at + 2 >= text.size() || text[at] != '\\') return false;
  const char form = text[at + 1], first = text[at + 2];
  if (form == 'N') return first == '{';
  return (form == 'u' && first == '{') || ((form == 'u' || form == 'U') && digit_value(first) < 16);
}

Word read_word(std::string_view text, std::size_t at, const LexMode& mode) {
  Word word;
  std::size_t from = at;  // the text from here on is not in word.spelled yet
  const auto take = [&](std::size_t length, bool known) {
    at += length;
    word.certain = word.certain && known;
  };
  while (at < text.size()) {
    const auto c = static_cast<unsigned char>(text[at]);
    if (is_ascii_identifier_byte(c)) {
      if (c == '$' && !mode.dollars) break;
      ++at;
    } else if (c >= 0x80) {
      if (end_of_identifier(text, at) == at) break;
      const auto character = utf8_character(text, at);
      take(character ? character->length : 1, mode.unicode_names && character && is_letter(character->code));
    } else if (is_universal_name(text, at)) {
      const auto character = universal_character(text, at);
      const bool known = mode.unicode_names && character && is_letter(character->code);
      word.spelled += text.substr(from, at - from);
      if (known) append_utf8(word.spelled, character->code);
      take(character ? character->length : 3, known);
      from = at;
      word.plain = false;
    } else if (!word.certain && (c == '{' || c == '}' || c == '\\')) {
      ++at;  // part of \N{…}
    } else {
      break;
    }
  }
  word.end = at;
  if (!word.plain) word.spelled += text.substr(from, at - from);
  return word;
}

bool has_word(std::string_view text, std::string_view wanted) {
  bool found = false;
  if (!wanted.empty())
    for_each_word(text, [&](std::size_t, std::string_view word) { found = found || word == wanted; });
  return found;
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
