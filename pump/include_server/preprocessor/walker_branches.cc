// Conditions, and what happens where one is not known.
//
// Rejected: carrying one state per path, which is exact but doubles with each unknown condition. Joining
// keeps the work linear, and loses only what depends on two unknown conditions at once.
#include <algorithm>
#include <set>

#include "pump/include_server/preprocessor/header_operand.h"
#include "pump/include_server/preprocessor/walker.h"

namespace pump::include_server {
namespace {

/// Combinations of alternatives tried for one expression.
constexpr unsigned kMostTries = 64;
/// Unknown branches inside each other; each takes stack.
constexpr unsigned kDeepestBranch = 400;

}  // namespace

/// At an #if: walks what is compiled, returns where to go on.
DirectiveIndex Walker::conditional(DirectiveIndex index) {
  const std::vector<Directive>& directives = frame_->walked->scan->directives;
  while (index < directives.size()) {
    const Directive& at = directives[index];
    if (at.kind == DirectiveKind::Endif || at.kind == DirectiveKind::Else) return index + 1;
    steps_.add(1);
    Truth truth = known_condition(at);
    if (truth == Truth::Unknown) {
      frame_->stand_at(at);
      Refinement refinement;
      truth = condition(at, refinement);
      if (truth == Truth::Unknown) {
        const DirectiveIndex end = at.end;
        unknown_branch(index, refinement);
        return end;
      }
    }
    if (truth == Truth::True) return index + 1;  // the branch ends at the next Elif, Else or Endif
    index = at.next;
  }
  return index;
}

Truth Walker::condition(const Directive& directive, Refinement& refinement) {
  if (directive.kind != DirectiveKind::If && directive.kind != DirectiveKind::Elif)
    return definedness(directive, refinement);
  const Scan& scan = *frame_->walked->scan;
  const std::vector<Token>& tokens = scan.expressions[directive.slot].get(scan);
  steps_.add(tokens.size());
  CachedCondition& first = frame_->walked->conditions[directive.slot];
  unrepeatable_ = true;
  if (!budget_.remember || !ConditionStore::worth_noting(first)) return evaluate(tokens, refinement);
  unrepeatable_ = asked_compiler_ = false;
  macros_.note_reads();
  const Truth truth = evaluate(tokens, refinement);
  const std::vector<MacroTable::Change>& noted = macros_.reads_noted();
  // What is unknown is evaluated again for the sake of its refinement.
  unrepeatable_ = unrepeatable_ || steps_.exhausted() || truth == Truth::Unknown;
  if (unrepeatable_) {
    ++first.given_up;
  } else {
    macros_.make_room();
    conditions_.keep(noted, first, unit_->profile->cache_id(asked_compiler_), asked_compiler_, truth);
  }
  return truth;
}

Truth Walker::evaluate(const std::vector<Token>& tokens, Refinement& refinement) {
  const auto quick = evaluator_.evaluate_quickly(tokens, unit_->profile->dialect);
  if (quick && *quick != Truth::Unknown) return *quick;
  unsigned tries = kMostTries;
  const Truth truth = expression(tokens, tries, &refinement);
  if (truth == Truth::Unknown) probe_everything(tokens);
  return truth;
}

/// Evaluation may have ended before it came to a __has_include, but the compiler's does not: whatever the
/// expression may ask for must be on the server.
void Walker::probe_everything(const std::vector<Token>& expression) {
  std::set<const Definition*> seen;
  std::vector<const std::vector<Token>*> left{&expression};  // macros may name one another thousands deep
  while (!left.empty() && !stopped_) {
    const std::vector<Token>& tokens = *left.back();
    left.pop_back();
    const auto operands = probe_operands(tokens, &tokens != &expression);
    if (!operands) return stop_incomplete();
    for (const ProbeOperand& operand : *operands) {
      std::set<HeaderName> names;
      unsigned tries = kMostTries;
      const std::vector<Token> rest(tokens.begin() + static_cast<std::ptrdiff_t>(operand.begin),
                                    tokens.end());
      if (!header_names(expander_, macros_, clang_, rest, names, tries)) return stop_incomplete();
      for (const auto& [name, angled] : names) probe(name, angled, operand.next);
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

Truth Walker::definedness(const Directive& directive, Refinement& refinement) {
  const bool negated = directive.kind == DirectiveKind::Ifndef || directive.kind == DirectiveKind::Elifndef;
  const MacroState state = macros_.get(directive.name);
  if (state.certain()) return state.undefined() == negated ? Truth::True : Truth::False;
  const Alternatives& several = state.alternatives();
  if (!several.may_be_undefined()) return negated ? Truth::False : Truth::True;
  if (!several.may_be_defined()) return negated ? Truth::True : Truth::False;
  refinement = {directive.name, macros_.restrict(state, !negated), macros_.restrict(state, negated)};
  return Truth::Unknown;
}

/// Tries each alternative of the macros the expression depends on.
Truth Walker::expression(const std::vector<Token>& tokens, unsigned& tries, Refinement* refinement) {
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
    const Truth one = expression(tokens, tries, nullptr);
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

void Walker::unknown_branch(DirectiveIndex index, const Refinement& refinement) {
  const Directive at = frame_->walked->scan->directives[index];
  either(
      [&] {
        if (refinement.name != 0) macros_.set(refinement.name, refinement.if_true);
        walk(index + 1, at.next);
      },
      [&] {
        if (refinement.name != 0) macros_.set(refinement.name, refinement.if_false);
        // The rest of the group, then to its end and no further: what follows is walked once, after the join.
        const DirectiveIndex rest = conditional(at.next);
        if (!stopped_) walk(rest, at.end);
      });
}

void Walker::either(const std::function<void()>& one, const std::function<void()>& other) {
  if (branches_ >= kDeepestBranch) {
    stop_incomplete();
    return;
  }
  const std::size_t files = closure_->files.size();
  const BranchResult first = branch(one);
  if (incomplete_ || gave_up()) return;
  const BranchResult second = branch(other);
  if (incomplete_ || gave_up()) return;
  if (closure_->files.size() != files) not_exact("an unknown condition");
  if (first.dead && second.dead) {
    fatal();
  } else if (first.dead) {
    apply(second);
  } else if (second.dead) {
    apply(first);
  } else {
    join(first, second);
  }
}

Walker::BranchResult Walker::branch(const std::function<void()>& walk_it) {
  BranchResult result;
  const MacroTable::Mark mark = macros_.begin_branch();
  const std::size_t files = file_trail_.size();
  const Frame frame = *frame_;
  result.pushed = pushed_;
  ++branches_;
  walk_it();
  --branches_;
  result.dead = std::exchange(dead_, false);
  stopped_ = incomplete_ || gave_up();
  std::swap(result.pushed, pushed_);
  *frame_ = frame;
  result.macros = macros_.end_branch(mark);
  for (std::size_t i = files; i < file_trail_.size(); ++i) {
    SourceFile* file = file_trail_[i].first;
    const auto same = [file](const auto& one) { return one.first == file; };
    if (std::none_of(result.files.begin(), result.files.end(), same))
      result.files.emplace_back(file, FileState{file->once, file->entered});
  }
  for (; file_trail_.size() > files; file_trail_.pop_back()) {
    file_trail_.back().first->once = file_trail_.back().second.once;
    file_trail_.back().first->entered = file_trail_.back().second.entered;
  }
  return result;
}

void Walker::apply(const BranchResult& only) {
  for (const MacroTable::Change& change : only.macros) macros_.set(change.name, change.state);
  for (const auto& [file, state] : only.files) set_file_state(*file, state);
  pushed_ = only.pushed;
}

void Walker::join(const BranchResult& one, const BranchResult& other) {
  macros_.join(one.macros, other.macros);
  const auto unite = [](Certainty a, Certainty b) { return a == b ? a : Certainty::Maybe; };
  for (const auto* pair : {&one, &other}) {
    const BranchResult& another = pair == &one ? other : one;
    for (const auto& [file, state] : pair->files) {
      const SourceFile* wanted = file;
      const auto found = std::find_if(another.files.begin(), another.files.end(),
                                      [wanted](const auto& entry) { return entry.first == wanted; });
      if (found != another.files.end() && pair == &other) continue;  // done from the first side
      const FileState there =
          found != another.files.end() ? found->second : FileState{file->once, file->entered};
      set_file_state(*file, {unite(state.once, there.once), unite(state.entered, there.entered)});
    }
  }
  for (const auto& [name, stack] : one.pushed) {
    const auto found = other.pushed.find(name);
    if (found == other.pushed.end() || found->second != stack) volatile_.insert(name);
  }
  for (const auto& [name, stack] : other.pushed)
    if (one.pushed.count(name) == 0) volatile_.insert(name);
  pushed_ = one.pushed;
  for (const Symbol name : volatile_) macros_.set_anything(name);
}

}  // namespace pump::include_server
