#include "pump/include_server/preprocessor/macro_table.h"

#include <algorithm>

namespace pump::include_server {
namespace {

/// More alternatives than this become "anything": trying them all costs more than the result is worth.
constexpr std::size_t kMostAlternatives = 16;

bool same_definition(const Definition* one, const Definition* other) {
  if (one == other) return true;
  if (one == nullptr || other == nullptr || one->builtin() != other->builtin()) return false;
  return one->builtin() == Builtin::None && one->text() == other->text();
}

void add_choice(Alternatives& into, const Definition* choice) {
  for (const Definition* present : into.choices)
    if (same_definition(present, choice)) return;
  into.choices.push_back(choice);
}

void add_state(Alternatives& into, MacroState state) {
  if (state.certain()) {
    add_choice(into, state.definition());
    return;
  }
  into.anything = into.anything || state.alternatives().anything;
  for (const Definition* choice : state.alternatives().choices) add_choice(into, choice);
}

}  // namespace

bool Alternatives::may_be_undefined() const {
  return anything || std::find(choices.begin(), choices.end(), nullptr) != choices.end();
}
bool Alternatives::may_be_defined() const {
  return anything ||
         std::any_of(choices.begin(), choices.end(), [](const Definition* d) { return d != nullptr; });
}

void MacroTable::reset() {
  trail_.clear();
  made_.clear();
  pushed_.clear();
  unpredictable_.clear();
  branches_ = 0;
  noting_ = false;
  if (++epoch_ == 0) {
    slots_.clear();
    epoch_ = 1;
  }
}

void MacroTable::pop(Symbol name) {
  const auto stack = pushed_.find(name);
  if (stack == pushed_.end()) return;
  const MacroState saved = stack->second.back();
  stack->second.pop_back();
  if (stack->second.empty()) pushed_.erase(stack);  // join() compares the maps
  define(name, saved);
}

void MacroTable::grow(Symbol name) {
  slots_.resize(std::max<std::size_t>({symbol_count() + 1024, std::size_t{name} + 1, slots_.size() * 3 / 2}));
}

MacroState MacroTable::make(Alternatives alternatives) {
  if (alternatives.anything || alternatives.choices.size() > kMostAlternatives) return MacroState(&anything_);
  if (alternatives.choices.size() == 1) return MacroState(alternatives.choices.front());
  made_.push_back(std::move(alternatives));
  return MacroState(&made_.back());
}

MacroState MacroTable::unite(MacroState one, MacroState other) {
  if (one == other) return one;
  Alternatives both;
  add_state(both, one);
  add_state(both, other);
  return make(std::move(both));
}

MacroState MacroTable::restrict(MacroState state, bool defined) {
  if (state.certain()) return state;
  if (state.alternatives().anything) return defined ? state : MacroState();
  Alternatives kept;
  for (const Definition* choice : state.alternatives().choices)
    if ((choice != nullptr) == defined) kept.choices.push_back(choice);
  return kept.choices.empty() ? state : make(std::move(kept));
}

MacroTable::Mark MacroTable::begin_branch() {
  ++branches_;
  return {trail_.size(), pushed_};
}

MacroTable::Branch MacroTable::end_branch(Mark mark) {
  std::vector<Change> changes;
  for (std::size_t i = mark.trail; i < trail_.size(); ++i) changes.push_back({trail_[i].name, {}});
  std::sort(changes.begin(), changes.end(), [](const Change& a, const Change& b) { return a.name < b.name; });
  changes.erase(std::unique(changes.begin(), changes.end(),
                            [](const Change& a, const Change& b) { return a.name == b.name; }),
                changes.end());
  for (Change& change : changes) change.state = peek(change.name);
  while (trail_.size() > mark.trail) {
    writable(trail_.back().name).state = trail_.back().state;
    trail_.pop_back();
  }
  --branches_;
  return {std::move(changes), std::exchange(pushed_, std::move(mark.pushed))};
}

void MacroTable::apply(const Branch& branch) {
  for (const Change& change : branch.changes) set(change.name, change.state);
  pushed_ = branch.pushed;
}

void MacroTable::join(const Branch& one, const Branch& other) {
  auto a = one.changes.begin();
  auto b = other.changes.begin();
  const auto a_end = one.changes.end(), b_end = other.changes.end();
  while (a != a_end || b != b_end) {
    const bool in_a = a != a_end && (b == b_end || a->name <= b->name);
    const bool in_b = b != b_end && (a == a_end || b->name <= a->name);
    const Symbol name = in_a ? a->name : b->name;
    const MacroState now = peek(name);
    const MacroState joined = unite(in_a ? a->state : now, in_b ? b->state : now);
    if (!(joined == now)) set(name, joined);
    if (in_a) ++a;
    if (in_b) ++b;
  }
  // What pop_macro will restore is not known if the stacks differ.
  for (const auto& [name, stack] : one.pushed) {
    const auto found = other.pushed.find(name);
    if (found == other.pushed.end() || found->second != stack) unpredictable_.insert(name);
  }
  for (const auto& [name, stack] : other.pushed)
    if (one.pushed.count(name) == 0) unpredictable_.insert(name);
  pushed_ = one.pushed;
  for (const Symbol name : unpredictable_) set_anything(name);
}

}  // namespace pump::include_server
