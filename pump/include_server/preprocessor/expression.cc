#include "pump/include_server/preprocessor/expression.h"

#include "pump/include_server/preprocessor/expression_value.h"

namespace pump::include_server {
namespace {

constexpr unsigned kDeepestExpression = 500;

/// Reads the tokens of the directive through the expander.
class ExpandingSource {
 public:
  ExpandingSource(MacroTable& macros, Expander& expander) : macros_(macros), expander_(expander) {}
  Token next() { return expander_.next(); }
  Token next_raw() { return expander_.next_raw(); }
  std::optional<bool> is_defined(Symbol name) {
    const MacroState state = macros_.get(name);
    if (state.certain()) return !state.undefined();
    const Alternatives& several = state.alternatives();
    if (!several.may_be_undefined()) return true;
    if (!several.may_be_defined()) return false;
    if (ambiguous_ == 0) ambiguous_ = name;
    return std::nullopt;
  }
  [[nodiscard]] bool usable() const {
    return ambiguous_ == 0 && expander_.ambiguous() == 0 && !expander_.failed();
  }
  [[nodiscard]] Symbol ambiguous() const { return ambiguous_ != 0 ? ambiguous_ : expander_.ambiguous(); }

 private:
  MacroTable& macros_;
  Expander& expander_;
  Symbol ambiguous_ = 0;
};

/// Reads the tokens as they are. Only macros whose replacement is one token are replaced.
class QuickSource {
 public:
  QuickSource(MacroTable& macros, const std::vector<Token>& tokens)
      : macros_(macros), at_(tokens.data()), end_(tokens.data() + tokens.size()) {}

  Token next_raw() { return at_ == end_ ? Token{} : *at_++; }

  Token next() {
    Token token = next_raw();
    for (unsigned i = 0; token.kind == TokenKind::Identifier; ++i) {
      const MacroState state = macros_.get(token.text);
      if (state.undefined() || token.text == known::kDefined) return token;
      if (i > 8 || !state.certain() || state.definition()->builtin() != Builtin::None) return set_unusable();
      const ParsedMacro& macro = state.definition()->parsed();
      if (macro.function_like) {
        if (at_ != end_ && at_->is(known::kOpen)) return set_unusable();
        return token;
      }
      if (macro.is_integer) return macro.body.front();
      if (macro.single == 0) return set_unusable();
      token = macro.body.front();
    }
    return token;
  }
  std::optional<bool> is_defined(Symbol name) {
    const MacroState state = macros_.get(name);
    if (state.certain()) return !state.undefined();
    set_unusable();
    return std::nullopt;
  }
  [[nodiscard]] bool usable() const { return !unusable_; }

 private:
  Token set_unusable() {
    unusable_ = true;
    return {};
  }
  MacroTable& macros_;
  const Token* at_;
  const Token* end_;
  bool unusable_ = false;
};

/// Precedence climbing over either source.
template <typename Source>
class Parser {
 public:
  Parser(Source& source, const Dialect& dialect) : source_(source), dialect_(dialect) {}

  Truth run() {
    advance();
    const ExpressionValue value = comma();
    if (token_.kind != TokenKind::End) failed_ = true;
    if (failed_ || !source_.usable() || !value.known) return Truth::Unknown;
    return value.bits != 0 ? Truth::True : Truth::False;
  }

 private:
  struct Operator {
    Symbol spelling;
    Symbol word;  ///< alternative token of C++, for example `and`; 0: none
    int precedence;
  };
  static constexpr Operator kOperators[] = {
      {known::kBarBar, known::kOr, 1},
      {known::kAmpAmp, known::kAnd, 2},
      {known::kBar, known::kBitor, 3},
      {known::kCaret, known::kXor, 4},
      {known::kAmp, known::kBitand, 5},
      {known::kEqEq, 0, 6},
      {known::kBangEq, known::kNotEq, 6},
      {known::kLess, 0, 7},
      {known::kGreater, 0, 7},
      {known::kLessEq, 0, 7},
      {known::kGreaterEq, 0, 7},
      {known::kShl, 0, 8},
      {known::kShr, 0, 8},
      {known::kPlus, 0, 9},
      {known::kMinus, 0, 9},
      {known::kStar, 0, 10},
      {known::kSlash, 0, 10},
      {known::kPercent, 0, 10},
  };

  void advance() { token_ = source_.next(); }

  [[nodiscard]] const Operator* binary() const {
    const bool word = token_.kind == TokenKind::Identifier && dialect_.operator_words;
    if (token_.kind != TokenKind::Punctuator && !word) return nullptr;
    for (const Operator& candidate : kOperators)
      if (token_.text == (word ? candidate.word : candidate.spelling)) return &candidate;
    return nullptr;
  }

  ExpressionValue fail() {
    failed_ = true;
    return kNotKnown;
  }

  ExpressionValue comma() {
    ExpressionValue value = conditional();
    while (token_.is(known::kComma) && !failed_) {
      advance();
      value = conditional();
    }
    return value;
  }

  ExpressionValue conditional() {
    if (++depth_ > kDeepestExpression) return fail();
    ExpressionValue condition = climb(1);
    if (token_.is(known::kQuestion) && !failed_) {
      advance();
      const ExpressionValue yes = comma();
      if (!token_.is(known::kColon)) return fail();
      advance();
      const ExpressionValue no = conditional();
      const bool is_unsigned = yes.is_unsigned || no.is_unsigned;
      if (!condition.known) {
        condition = yes.known && no.known && yes.bits == no.bits ? yes : kNotKnown;
      } else {
        condition = condition.bits != 0 ? yes : no;
      }
      condition.is_unsigned = is_unsigned;
    }
    --depth_;
    return condition;
  }

  ExpressionValue climb(int least) {
    ExpressionValue left = unary();
    while (!failed_) {
      const Operator* op = binary();
      if (op == nullptr || op->precedence < least) break;
      advance();
      const ExpressionValue right = climb(op->precedence + 1);
      left = apply_operator(op->spelling, left, right, dialect_);
    }
    return left;
  }

  ExpressionValue unary() {
    if (++depth_ > kDeepestExpression) return fail();
    const ExpressionValue value = operand();
    --depth_;
    return value;
  }

  ExpressionValue operand() {
    const Token token = token_;
    const bool word = dialect_.operator_words && token.kind == TokenKind::Identifier;
    if (token.is(known::kBang) || (word && token.text == known::kNot)) {
      advance();
      const ExpressionValue value = unary();
      return value.known ? truth_value(value.bits == 0) : value;
    }
    if (token.is(known::kTilde) || (word && token.text == known::kCompl)) {
      advance();
      const ExpressionValue value = unary();
      return {~value.bits, value.is_unsigned, value.known};
    }
    if (token.is(known::kMinus) || token.is(known::kPlus)) {
      advance();
      ExpressionValue value = unary();
      if (token.is(known::kMinus)) value.bits = 0 - value.bits;
      return value;
    }
    if (token.is(known::kOpen)) {
      advance();
      const ExpressionValue value = comma();
      if (!token_.is(known::kClose)) return fail();
      advance();
      return value;
    }
    if (token.kind == TokenKind::Identifier) return identifier(token);
    if (token.kind == TokenKind::Number || token.kind == TokenKind::Character) {
      advance();
      return literal_value(token, dialect_);
    }
    if (token.kind == TokenKind::Unknown) {
      advance();
      return kNotKnown;
    }
    return fail();
  }

  ExpressionValue identifier(const Token& token) {
    if (token.text == known::kDefined) return defined();
    advance();
    if (dialect_.true_is_one && token.text == known::kTrue) return truth_value(true);
    return truth_value(false);
  }

  ExpressionValue defined() {
    Token name = source_.next_raw();
    const bool parenthesised = name.is(known::kOpen);
    if (parenthesised) name = source_.next_raw();
    if (name.kind != TokenKind::Identifier) return fail();
    if (parenthesised && !source_.next_raw().is(known::kClose)) return fail();
    const std::optional<bool> answer = source_.is_defined(name.text);
    advance();
    return answer ? truth_value(*answer) : kNotKnown;
  }

  Source& source_;
  const Dialect& dialect_;
  Token token_;
  bool failed_ = false;
  unsigned depth_ = 0;
};

}  // namespace

std::optional<Truth> ExpressionEvaluator::evaluate_quickly(const std::vector<Token>& tokens,
                                                           const Dialect& dialect) {
  QuickSource source(macros_, tokens);
  const Truth truth = Parser<QuickSource>(source, dialect).run();
  if (!source.usable()) return std::nullopt;
  return truth;
}

Truth ExpressionEvaluator::evaluate(const std::vector<Token>& tokens, const Dialect& dialect) {
  expander_.start(tokens, true);
  ExpandingSource source(macros_, expander_);
  const Truth truth = Parser<ExpandingSource>(source, dialect).run();
  ambiguous_ = source.ambiguous();
  expander_.finish();
  return truth;
}

}  // namespace pump::include_server
