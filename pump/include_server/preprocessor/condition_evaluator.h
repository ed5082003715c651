// Evaluates the operands of directives at the walk's position: conditions, and computed header names.
//
// A condition is true, false or unknown. If a macro in it has several possible definitions, each is tried;
// the condition is unknown only if they disagree. A Refinement then lists the definitions that belong to
// each branch. Results that depend on nothing but macros are cached (evaluation_cache.h).
//
// An unknown condition still makes the compiler evaluate every __has_include in it. So everything that it may
// probe for is recorded in the closure; if that cannot be determined, the closure is marked incomplete.
//
// Part of one Walker; not thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "pump/include_server/preprocessor/closure_recorder.h"
#include "pump/include_server/preprocessor/compiler_answers.h"
#include "pump/include_server/preprocessor/evaluation_cache.h"
#include "pump/include_server/preprocessor/expansion.h"
#include "pump/include_server/preprocessor/expression.h"
#include "pump/include_server/preprocessor/header_operand.h"
#include "pump/include_server/preprocessor/include_stack.h"
#include "pump/include_server/preprocessor/macro_table.h"

namespace pump::include_server {

/// The states of one macro in the two branches of an unknown condition.
struct Refinement {
  Symbol name = 0;  ///< 0: nothing
  MacroState if_true, if_false;
};

class ConditionEvaluator : private ExpansionEnvironment {
 public:
  ConditionEvaluator(MacroTable& macros, ClosureRecorder& recorder, CompilerAnswers& answers,
                     const IncludeStack& stack, StepCounter& steps, bool caches)
      : macros_(macros),
        recorder_(recorder),
        answers_(answers),
        stack_(stack),
        steps_(steps),
        caches_(caches),
        expander_(macros, *this, steps),
        evaluator_(macros, expander_) {}

  /// `unit` must live until the next call.
  void begin_unit(const Unit& unit);

  /// The value of a condition of the file being walked, if that takes no evaluation; otherwise Unknown.
  [[nodiscard]] Truth known_value(const Directive& directive) const {
    if (directive.kind != DirectiveKind::If && directive.kind != DirectiveKind::Elif)
      return known_definedness(directive);
    const CachedResult* const cached = find(directive);
    return cached != nullptr ? cached->truth : Truth::Unknown;
  }
  /// Evaluates a condition of the file being walked. The frame stands at `directive`. Unknown: sets
  /// `refinement`.
  Truth evaluate(const Directive& directive, Refinement& refinement);
  /// known_value(), else evaluate(), with the macros that were read added to `run`. Nothing if the value
  /// depends on more than certain states of macros.
  std::optional<Truth> evaluate_for_run(const Directive& directive, RunRecorder& run);
  /// The headers that a computed #include may name; nothing if they cannot be determined.
  std::optional<std::set<HeaderName>> computed_headers(const std::vector<Token>& operand);

  /// Drops all cached results.
  void forget_results();

 private:
  [[nodiscard]] Truth known_definedness(const Directive& directive) const {
    const MacroState state = macros_.peek(directive.name);
    if (!state.certain()) return Truth::Unknown;
    return state.undefined() == is_negated(directive) ? Truth::True : Truth::False;
  }
  static bool is_negated(const Directive& directive) {
    return directive.kind == DirectiveKind::Ifndef || directive.kind == DirectiveKind::Elifndef;
  }
  [[nodiscard]] const CachedResult* find(const Directive& directive) const {
    return results_.find(stack_.top().walked->conditions[directive.slot], *unit_->profile, macros_);
  }
  Truth definedness(const Directive& directive, Refinement& refinement);
  Truth evaluate_tokens(const std::vector<Token>& tokens, Refinement& refinement);
  Truth try_alternatives(const std::vector<Token>& tokens, unsigned& tries, Refinement* refinement);
  void keep(const std::vector<MacroTable::Change>& reads, Truth truth, ResultNumber& first);
  void probe_everything(const std::vector<Token>& expression);

  // ExpansionEnvironment
  Token value_of(Builtin builtin) override;
  [[nodiscard]] Token name_token(std::string_view file) const;
  std::optional<bool> has_include(Builtin which, std::string_view name, bool angled) override;
  std::optional<std::int64_t> query(const std::string& text) override { return answers_.value(text); }

  MacroTable& macros_;
  ClosureRecorder& recorder_;
  CompilerAnswers& answers_;
  const IncludeStack& stack_;
  StepCounter& steps_;
  const bool caches_;
  Expander expander_;
  ExpressionEvaluator evaluator_;
  ResultStore results_;

  const Unit* unit_ = nullptr;
  bool depends_on_more_ = true;  ///< the value being evaluated depends on more than the macros it reads
};

}  // namespace pump::include_server
