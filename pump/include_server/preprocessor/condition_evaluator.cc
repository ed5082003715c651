#include "pump/include_server/preprocessor/condition_evaluator.h"

#include <algorithm>
#include <array>

#include "pump/compilation/relative_root.h"
#include "pump/os/file_io.h"

namespace pump::include_server {
namespace {

/// Evaluations of one expression, or expansions of one header name, that try alternatives.
constexpr unsigned kMostTries = 64;
/// A condition that reads more macros is not cached: comparing them takes as long as evaluating it.
constexpr std::size_t kMostReads = 64;

Token string_token(std::string_view path) {
  std::string text = "\"";
  for (const char c : path) {
    if (c == '"' || c == '\\') text += '\\';
    text += c;
  }
  text += '"';
  return Token{intern(text), TokenKind::String, 0, 0};
}

Token number_token(std::int64_t value) {
  return Token{intern(std::to_string(value)), TokenKind::Number, 0, 0};
}

}  // namespace

void ConditionEvaluator::begin_unit(const Unit& unit) {
  unit_ = &unit;
  expander_.set_language(unit.lex, unit.profile->clang, unit.profile->dialect.keeps_lone_comma);
}

void ConditionEvaluator::forget_results() {
  results_.clear();
  recorder_.files().forget_conditions();
}

Truth ConditionEvaluator::evaluate(const Directive& directive, Refinement& refinement) {
  if (directive.kind != DirectiveKind::If && directive.kind != DirectiveKind::Elif)
    return definedness(directive, refinement);
  WalkedScan& walked = *stack_.top().walked;
  const std::vector<Token>& tokens = walked.scan->expressions[directive.slot].get(*walked.scan);
  steps_.add(tokens.size());
  ResultNumber& first = walked.conditions[directive.slot];
  depends_on_more_ = true;
  if (!caches_ || !results_.worth_caching(first)) return evaluate_tokens(tokens, refinement);
  depends_on_more_ = false;
  answers_.note_questions();
  macros_.note_reads();
  const Truth truth = evaluate_tokens(tokens, refinement);
  const std::vector<MacroTable::Change>& reads = macros_.reads_noted();
  // An unknown condition is evaluated again each time, because its refinement is not cached.
  depends_on_more_ = depends_on_more_ || steps_.exhausted() || truth == Truth::Unknown;
  if (depends_on_more_) {
    results_.count_failure(first);
  } else {
    keep(reads, truth, first);
  }
  return truth;
}

void ConditionEvaluator::keep(const std::vector<MacroTable::Change>& reads, Truth truth,
                              ResultNumber& first) {
  std::array<MacroTable::Change, kMostReads> distinct;
  std::size_t count = 0;
  for (const MacroTable::Change& read : reads) {
    const auto end = distinct.begin() + static_cast<std::ptrdiff_t>(count);
    if (std::any_of(distinct.begin(), end, [&](const auto& one) { return one.name == read.name; })) continue;
    if (count == kMostReads || !read.state.certain()) return results_.count_failure(first);
    distinct[count++] = read;
  }
  macros_.make_room();
  results_.keep({.reads = distinct.data(),
                 .read_count = count,
                 .asked_compiler = answers_.asked_compiler(),
                 .truth = truth},
                *unit_->profile, first);
}

std::optional<Truth> ConditionEvaluator::evaluate_for_run(const Directive& directive, RunRecorder& run) {
  if (directive.kind != DirectiveKind::If && directive.kind != DirectiveKind::Elif) {
    const Truth truth = known_definedness(directive);
    if (truth == Truth::Unknown) return std::nullopt;
    run.read({directive.name, macros_.peek(directive.name)});
    return truth;
  }
  if (const CachedResult* const cached = find(directive)) {
    const MacroTable::Change* const reads = results_.reads(*cached);
    std::for_each(reads, reads + cached->reads, [&](const MacroTable::Change& read) { run.read(read); });
    run.set_asked_compiler(cached->asked_compiler);
    return cached->truth;
  }
  stack_.top().stand_at(directive);
  Refinement refinement;
  const Truth truth = evaluate(directive, refinement);
  const std::vector<MacroTable::Change>& reads = macros_.reads_noted();
  const auto is_certain = [](const MacroTable::Change& read) { return read.state.certain(); };
  if (depends_on_more_ || !std::all_of(reads.begin(), reads.end(), is_certain)) return std::nullopt;
  for (const MacroTable::Change& read : reads) run.read(read);
  run.set_asked_compiler(answers_.asked_compiler());
  return truth;
}

Truth ConditionEvaluator::definedness(const Directive& directive, Refinement& refinement) {
  const bool negated = is_negated(directive);
  const MacroState state = macros_.get(directive.name);
  if (state.certain()) return state.undefined() == negated ? Truth::True : Truth::False;
  const Alternatives& several = state.alternatives();
  if (!several.may_be_undefined()) return negated ? Truth::False : Truth::True;
  if (!several.may_be_defined()) return negated ? Truth::True : Truth::False;
  refinement = {directive.name, macros_.restrict(state, !negated), macros_.restrict(state, negated)};
  return Truth::Unknown;
}

Truth ConditionEvaluator::evaluate_tokens(const std::vector<Token>& tokens, Refinement& refinement) {
  const auto quick = evaluator_.evaluate_quickly(tokens, unit_->profile->dialect);
  if (quick && *quick != Truth::Unknown) return *quick;
  unsigned tries = kMostTries;
  const Truth truth = try_alternatives(tokens, tries, &refinement);
  if (truth == Truth::Unknown) probe_everything(tokens);
  return truth;
}

/// Evaluates with each alternative of the macros that the expression depends on.
Truth ConditionEvaluator::try_alternatives(const std::vector<Token>& tokens, unsigned& tries,
                                           Refinement* refinement) {
  if (tries == 0) return Truth::Unknown;
  --tries;
  const Truth truth = evaluator_.evaluate(tokens, unit_->profile->dialect);
  const Symbol name = evaluator_.ambiguous();
  if (name == 0) return truth;
  const MacroState state = macros_.get(name);
  if (state.certain() || state.alternatives().anything) return Truth::Unknown;
  const std::vector<const Definition*> choices = state.alternatives().choices;
  bool may_hold = false, may_fail = false;
  MacroState holding, failing;
  for (const Definition* choice : choices) {
    macros_.set(name, MacroState(choice));
    const Truth one = try_alternatives(tokens, tries, nullptr);
    macros_.set(name, state);
    if (one != Truth::False) {
      holding = may_hold ? macros_.unite(holding, MacroState(choice)) : MacroState(choice);
      may_hold = true;
    }
    if (one != Truth::True) {
      failing = may_fail ? macros_.unite(failing, MacroState(choice)) : MacroState(choice);
      may_fail = true;
    }
  }
  if (!may_fail) return Truth::True;
  if (!may_hold) return Truth::False;
  if (refinement != nullptr) *refinement = {name, holding, failing};
  return Truth::Unknown;
}

/// The evaluation may have ended before a __has_include that the compiler evaluates.
void ConditionEvaluator::probe_everything(const std::vector<Token>& expression) {
  std::set<const Definition*> seen;
  std::vector<const std::vector<Token>*> left{&expression};  // not recursive: macros name each other deeply
  while (!left.empty() && !recorder_.stopped()) {
    const std::vector<Token>& tokens = *left.back();
    left.pop_back();
    const auto operands = probe_operands(tokens, &tokens != &expression);
    if (!operands) return recorder_.set_incomplete();
    for (const ProbeOperand& operand : *operands) {
      const std::vector<Token> rest(tokens.begin() + static_cast<std::ptrdiff_t>(operand.begin),
                                    tokens.end());
      const auto headers = computed_headers(rest);
      if (!headers) return recorder_.set_incomplete();
      for (const auto& [name, angled] : *headers) recorder_.probe(stack_.top(), name, angled, operand.next);
    }
    const auto look_into = [&](const Definition* macro) {
      if (macro != nullptr && macro->builtin() == Builtin::None && seen.insert(macro).second)
        left.push_back(&macro->parsed().body);
    };
    for (const Token& token : tokens) {
      if (token.kind != TokenKind::Identifier) continue;
      const MacroState state = macros_.get(token.text);
      if (state.certain()) {
        look_into(state.definition());
      } else {
        for (const Definition* choice : state.alternatives().choices) look_into(choice);
      }
    }
  }
}

std::optional<std::set<HeaderName>> ConditionEvaluator::computed_headers(const std::vector<Token>& operand) {
  std::set<HeaderName> headers;
  unsigned tries = kMostTries;
  if (!possible_headers(expander_, macros_, unit_->profile->clang, operand, headers, tries))
    return std::nullopt;
  return headers;
}

/// With the absolute name that the launcher's prefix maps make of a relative one.
Token ConditionEvaluator::name_token(std::string_view file) const {
  return string_token(compilation::absolute_name(file, unit_->cwd));
}

Token ConditionEvaluator::value_of(Builtin builtin) {
  const Token unknown{0, TokenKind::Unknown, 0, 0};
  const Frame& frame = stack_.top();
  depends_on_more_ = true;
  switch (builtin) {
    case Builtin::Line:
      if (!frame.line_known || frame.many_lines) return unknown;
      return number_token(frame.line + frame.line_shift);
    case Builtin::IncludeLevel:
      return number_token(frame.level);
    case Builtin::File:
      if (!frame.file_known) return unknown;
      if (frame.presumed != 0) return Token{frame.presumed, TokenKind::String, 0, 0};
      return name_token(recorder_.name_of_file(frame));
    case Builtin::BaseFile:
      return name_token(unit_->source);
    case Builtin::FileName:
      return string_token(os::basename(recorder_.name_of_file(frame)));
    default:
      return unknown;
  }
}

std::optional<bool> ConditionEvaluator::has_include(Builtin which, std::string_view name, bool angled) {
  depends_on_more_ = true;
  const bool next = which == Builtin::HasIncludeNext;
  const Resolution& resolution = recorder_.probe(stack_.top(), intern(name), angled, next);
  // __has_embed also distinguishes empty files, and uses directories of its own.
  if (which == Builtin::HasEmbed) return std::nullopt;
  if (!resolution.found && resolution.only_precompiled) return std::nullopt;
  return resolution.found;
}

}  // namespace pump::include_server
