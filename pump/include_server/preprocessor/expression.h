// The value of an #if expression: true, false, or not known.
//
// Arithmetic in intmax_t/uintmax_t as the compilers do it. Whatever cannot be evaluated (an unknown operand,
// a division by zero, a syntax error) is unknown rather than false: both branches are then walked, which is
// never too little.
#pragma once

#include <optional>
#include <vector>

#include "pump/include_server/preprocessor/expansion.h"

namespace pump::include_server {

enum class Truth : std::uint8_t { False, True, Unknown };

struct ExpressionValue {
  std::uint64_t bits = 0;
  bool is_unsigned = false;
  bool known = true;
};

constexpr ExpressionValue kNotKnown{0, false, false};
constexpr ExpressionValue truth_value(bool value) {
  return {value ? 1U : 0U, false, true};
}

/// A binary operator's value; `op` is its punctuator.
ExpressionValue apply_operator(Symbol op, ExpressionValue a, ExpressionValue b, const Dialect& dialect);

/// The integer a number or character token stands for; not known where it is malformed or floating.
ExpressionValue literal_value(const Token& token, const Dialect& dialect);

class ExpressionEvaluator {
 public:
  ExpressionEvaluator(MacroTable& macros, Expander& expander) : macros_(macros), expander_(expander) {}

  /// Evaluates without the expander where every macro met is undefined, a plain integer, or another name for
  /// one; nothing where that is not enough.
  std::optional<Truth> evaluate_quickly(const std::vector<Token>& tokens, const Dialect& dialect);
  /// With full expansion. A macro with several alternatives makes it Unknown: see `ambiguous`.
  Truth evaluate(const std::vector<Token>& tokens, const Dialect& dialect);
  /// The macro whose alternatives must be tried one by one, or 0.
  [[nodiscard]] Symbol ambiguous() const { return ambiguous_; }

 private:
  MacroTable& macros_;
  Expander& expander_;
  Symbol ambiguous_ = 0;
};

}  // namespace pump::include_server
