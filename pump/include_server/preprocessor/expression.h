// The value of an #if expression: true, false or unknown.
//
// Whatever cannot be evaluated (an unknown operand, a division by zero, a syntax error) is unknown rather
// than false: both branches are then walked, so the closure is never too small.
//
// Not thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "pump/include_server/preprocessor/expansion.h"

namespace pump::include_server {

enum class Truth : std::uint8_t { False, True, Unknown };

class ExpressionEvaluator {
 public:
  ExpressionEvaluator(MacroTable& macros, Expander& expander) : macros_(macros), expander_(expander) {}

  /// Evaluates without the expander. Nothing if that is not possible: it takes that every macro in the
  /// expression is undefined, a plain integer, or another name for one.
  std::optional<Truth> evaluate_quickly(const std::vector<Token>& tokens, const Dialect& dialect);
  /// Evaluates with full expansion. Unknown, and ambiguous() is set, if a macro has several alternatives.
  Truth evaluate(const std::vector<Token>& tokens, const Dialect& dialect);
  /// The macro that stopped the last evaluate(), whose alternatives must be tried one by one; 0: none.
  [[nodiscard]] Symbol ambiguous() const { return ambiguous_; }

 private:
  MacroTable& macros_;
  Expander& expander_;
  Symbol ambiguous_ = 0;
};

}  // namespace pump::include_server
