// Integer values in #if: intmax_t and uintmax_t arithmetic that wraps, with operands that may not be known.
//
// Pure functions; any thread.
#pragma once

#include <cstdint>

#include "pump/include_server/lexer/language.h"
#include "pump/include_server/lexer/token.h"

namespace pump::include_server {

struct ExpressionValue {
  std::uint64_t bits = 0;
  bool is_unsigned = false;
  bool known = true;
};

constexpr ExpressionValue kNotKnown{0, false, false};
constexpr ExpressionValue truth_value(bool value) {
  return {value ? 1U : 0U, false, true};
}

/// The value of a binary operator; `op` is its punctuator. Unknown for a division by zero.
ExpressionValue apply_operator(Symbol op, ExpressionValue a, ExpressionValue b, const Dialect& dialect);

/// The value of a number or character token: prefixes, suffixes, digit separators, escapes. Unknown if it is
/// malformed, floating, too large, or depends on a character set.
ExpressionValue literal_value(const Token& token, const Dialect& dialect);

}  // namespace pump::include_server
