#include "pump/include_server/preprocessor/expression_value.h"

#include <string_view>

namespace pump::include_server {
namespace {

/// The result has the left operand's type. A negative count shifts the other way (`reverses`: gcc), or counts
/// as a very large one. clang shifts right by 63 bits then, so the highest bit of an unsigned number remains;
/// that case is unknown.
ExpressionValue shift(bool left, ExpressionValue a, ExpressionValue b, bool reverses) {
  std::uint64_t count = b.bits;
  if (reverses && !b.is_unsigned && static_cast<std::int64_t>(b.bits) < 0) {
    left = !left;
    count = 0 - count;
  }
  const bool highest = static_cast<std::int64_t>(a.bits) < 0;
  const bool negative = !a.is_unsigned && highest;
  if (left) return {count >= 64 ? 0 : a.bits << count, a.is_unsigned, true};
  if (count >= 64 && a.is_unsigned && highest) return kNotKnown;
  if (count >= 64) return {negative ? ~std::uint64_t{0} : 0, a.is_unsigned, true};
  const std::uint64_t shifted = a.bits >> count;
  const std::uint64_t sign = negative && count != 0 ? ~std::uint64_t{0} << (64 - count) : 0;
  return {shifted | sign, a.is_unsigned, true};
}

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
  // A number that does not fit into intmax_t is unsigned, whatever its suffix.
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
  // char8_t is unsigned, but before C++20 u8'' has the sign of char.
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

ExpressionValue apply_operator(Symbol op, ExpressionValue a, ExpressionValue b, const Dialect& dialect) {
  if (op == known::kAmpAmp) {
    if ((a.known && a.bits == 0) || (b.known && b.bits == 0)) return truth_value(false);
    return a.known && b.known ? truth_value(true) : kNotKnown;
  }
  if (op == known::kBarBar) {
    if ((a.known && a.bits != 0) || (b.known && b.bits != 0)) return truth_value(true);
    return a.known && b.known ? truth_value(false) : kNotKnown;
  }
  if (!a.known || !b.known) return kNotKnown;
  const bool is_unsigned = a.is_unsigned || b.is_unsigned;
  const auto sa = static_cast<std::int64_t>(a.bits);
  const auto sb = static_cast<std::int64_t>(b.bits);
  const auto less = [&](std::uint64_t x, std::uint64_t y) {
    return is_unsigned ? x < y : static_cast<std::int64_t>(x) < static_cast<std::int64_t>(y);
  };
  switch (op) {
    case known::kBar:
      return {a.bits | b.bits, is_unsigned, true};
    case known::kCaret:
      return {a.bits ^ b.bits, is_unsigned, true};
    case known::kAmp:
      return {a.bits & b.bits, is_unsigned, true};
    case known::kEqEq:
      return truth_value(a.bits == b.bits);
    case known::kBangEq:
      return truth_value(a.bits != b.bits);
    case known::kLess:
      return truth_value(less(a.bits, b.bits));
    case known::kGreater:
      return truth_value(less(b.bits, a.bits));
    case known::kLessEq:
      return truth_value(!less(b.bits, a.bits));
    case known::kGreaterEq:
      return truth_value(!less(a.bits, b.bits));
    case known::kPlus:
      return {a.bits + b.bits, is_unsigned, true};
    case known::kMinus:
      return {a.bits - b.bits, is_unsigned, true};
    case known::kStar:
      return {a.bits * b.bits, is_unsigned, true};
    case known::kShl:
    case known::kShr:
      return shift(op == known::kShl, a, b, dialect.shifts_reverse);
    default:
      break;
  }
  if (b.bits == 0) return kNotKnown;
  const bool quotient = op == known::kSlash;
  if (is_unsigned) return {quotient ? a.bits / b.bits : a.bits % b.bits, true, true};
  if (sb == -1) return {quotient ? 0 - a.bits : 0, false, true};  // INT64_MIN / -1 would trap
  return {static_cast<std::uint64_t>(quotient ? sa / sb : sa % sb), false, true};
}

ExpressionValue literal_value(const Token& token, const Dialect& dialect) {
  const std::string_view text = spelling(token.text);
  if (token.kind == TokenKind::Number) return number_value(text);
  return character_value(text, dialect);
}

}  // namespace pump::include_server
