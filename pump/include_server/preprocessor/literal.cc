// Integer and character constants in #if: prefixes, suffixes, digit separators, escapes.
#include <algorithm>

#include "pump/include_server/preprocessor/expression.h"

namespace pump::include_server {
namespace {

ExpressionValue number_value(std::string_view text) {
  unsigned base = 10;
  if (text.size() > 1 && text[0] == '0') {
    const char mark = static_cast<char>(text[1] | 0x20);
    base = mark == 'x' ? 16 : mark == 'b' ? 2 : mark == 'o' ? 8 : 8;
    text.remove_prefix(mark == 'x' || mark == 'b' || mark == 'o' ? 2 : 1);
  }
  ExpressionValue value;
  bool overflow = false;
  std::size_t at = 0;
  for (; at < text.size(); ++at) {
    if (text[at] == '\'') continue;
    const int digit = digit_value(text[at]);
    if (digit >= static_cast<int>(base)) break;
    overflow = overflow || __builtin_mul_overflow(value.bits, std::uint64_t{base}, &value.bits);
    overflow = overflow || __builtin_add_overflow(value.bits, static_cast<std::uint64_t>(digit), &value.bits);
  }
  if (overflow) return kNotKnown;
  for (; at < text.size(); ++at) {
    const char suffix = static_cast<char>(text[at] | 0x20);
    if (suffix == 'u') value.is_unsigned = true;
    if (suffix != 'u' && suffix != 'l' && suffix != 'z') return kNotKnown;  // floating, user-defined, wrong
  }
  // What does not fit intmax_t is unsigned, whatever its suffix.
  if (value.bits > static_cast<std::uint64_t>(INT64_MAX)) value.is_unsigned = true;
  return value;
}

class CharacterReader {
 public:
  explicit CharacterReader(std::string_view text) : text_(text) {}
  [[nodiscard]] bool done() const { return at_ >= text_.size(); }
  [[nodiscard]] bool valid() const { return valid_; }

  std::uint32_t next() {
    const char c = text_[at_++];
    if (c != '\\') return static_cast<unsigned char>(c);
    if (done()) return fail();
    const char escape = text_[at_++];
    static constexpr std::string_view kNames = "abefnrtv\\'\"?E";
    static constexpr std::string_view kMeanings = "\a\b\033\f\n\r\t\v\\'\"?\033";
    if (const std::size_t simple = kNames.find(escape); simple != std::string_view::npos)
      return static_cast<unsigned char>(kMeanings[simple]);
    if (escape == 'x') return digits(16, text_.size());
    if (digit_value(escape) < 8) {
      --at_;
      return digits(8, 3);
    }
    return fail();
  }

 private:
  std::uint32_t digits(unsigned base, std::size_t most) {
    std::uint32_t value = 0;
    std::size_t count = 0;
    for (; !done() && count < most && digit_value(text_[at_]) < static_cast<int>(base); ++count) {
      if (value > UINT32_MAX / base) valid_ = false;
      value = value * base + static_cast<std::uint32_t>(digit_value(text_[at_++]));
    }
    if (count == 0) valid_ = false;
    return value;
  }
  std::uint32_t fail() {
    valid_ = false;
    return 0;
  }
  std::string_view text_;
  std::size_t at_ = 0;
  bool valid_ = true;
};

ExpressionValue character_value(std::string_view text, const Dialect& dialect) {
  const std::size_t quote = text.find('\'');
  if (quote == std::string_view::npos || text.size() < quote + 3) return kNotKnown;
  const std::string_view prefix = text.substr(0, quote);
  // char8_t is unsigned, what u8'' was before has the sign of char: unknown is good enough.
  if (prefix == "u8" || !(prefix == "L" ? dialect.wide_ascii : dialect.ascii)) return kNotKnown;
  CharacterReader reader(text.substr(quote + 1, text.size() - quote - 2));
  if (!prefix.empty()) {
    const std::uint32_t code = reader.next();
    // Beyond ASCII the value depends on the wide character set.
    if (!reader.done() || !reader.valid() || code > 127) return kNotKnown;
    return {code, prefix != "L" || !dialect.signed_wide, true};
  }
  std::uint32_t bits = 0;
  unsigned count = 0;
  for (; !reader.done(); ++count) {
    const std::uint32_t code = reader.next();
    if (code > 127) return kNotKnown;
    bits = bits << 8U | code;
  }
  if (!reader.valid() || count > 4) return kNotKnown;
  return {static_cast<std::uint64_t>(static_cast<std::int64_t>(static_cast<std::int32_t>(bits))),
          !(count == 1 ? dialect.signed_char : dialect.signed_multichar), true};
}

}  // namespace

ExpressionValue literal_value(const Token& token, const Dialect& dialect) {
  const std::string_view text = spelling(token.text);
  if (token.kind == TokenKind::Number) return number_value(text);
  return character_value(text, dialect);
}

}  // namespace pump::include_server
