// Integer arithmetic of #if: intmax_t and uintmax_t, wrapping, with operands that may not be known.
#include "pump/include_server/preprocessor/expression.h"

namespace pump::include_server {
namespace {

/// The result has the left operand's type. A negative count shifts the other way, or is as good as a very
/// large one, of which clang shifts 63 bits to the right: the highest bit of an unsigned number remains.
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

}  // namespace pump::include_server
