// What each macro name means at one point of the walk.
//
// A state is a small set of alternatives: undefined, one definition or, after branches whose condition is not
// known, several of these, or anything. As long as all conditions are known there is exactly one alternative,
// and #define is one store into an array.
//
// Not thread-safe. States are pointers to definitions: the scans that hold these must live until reset().
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "pump/include_server/lexer/macro_definition.h"

namespace pump::include_server {

struct Alternatives {
  std::vector<const Definition*> choices;  ///< nullptr: undefined
  bool anything = false;                   ///< any definition or none
  [[nodiscard]] bool may_be_undefined() const;
  [[nodiscard]] bool may_be_defined() const;
};

/// Undefined, one Definition, or a pointer to Alternatives.
class MacroState {
 public:
  MacroState() = default;
  explicit MacroState(const Definition* definition) : bits_(reinterpret_cast<std::uintptr_t>(definition)) {}
  explicit MacroState(const Alternatives* several) : bits_(reinterpret_cast<std::uintptr_t>(several) | 1U) {}
  /// True if there is one alternative.
  [[nodiscard]] bool certain() const { return (bits_ & 1U) == 0; }
  [[nodiscard]] bool undefined() const { return bits_ == 0; }
  /// Only if certain(). nullptr: undefined.
  [[nodiscard]] const Definition* definition() const { return reinterpret_cast<const Definition*>(bits_); }
  /// Only if not certain().
  [[nodiscard]] const Alternatives& alternatives() const {
    return *reinterpret_cast<const Alternatives*>(bits_ & ~std::uintptr_t{1});
  }
  bool operator==(const MacroState&) const = default;

 private:
  std::uintptr_t bits_ = 0;
};

class MacroTable {
 public:
  struct Change {
    Symbol name;
    MacroState state;
  };

  /// Undefines all macros, in constant time. For a new translation unit.
  void reset();

  [[nodiscard]] MacroState get(Symbol name) {
    const MacroState state = peek(name);
    if (noting_) reads_.push_back({name, state});
    return state;
  }
  /// As get(), but not noted as a read.
  [[nodiscard]] MacroState peek(Symbol name) const {
    if (name >= slots_.size()) return {};
    const Slot& slot = slots_[name];
    return slot.epoch == epoch_ ? slot.state : MacroState();
  }
  void set(Symbol name, MacroState state) {
    Slot& slot = writable(name);
    if (branches_ != 0) trail_.push_back({name, slot.state});
    slot.state = state;
  }
  void set_anything(Symbol name) { set(name, MacroState(&anything_)); }
  /// A #define or #undef of the unit: set(), except that a macro with unpredictable changes stays "anything".
  void define(Symbol name, MacroState state) {
    if (!unpredictable_.empty() && unpredictable_.count(name) != 0) {
      set_anything(name);
    } else {
      set(name, state);
    }
  }
  /// From here on the macro may change at any time, because the body of another macro pushes or pops it.
  void make_unpredictable(Symbol name) {
    unpredictable_.insert(name);
    set_anything(name);
  }
  [[nodiscard]] bool has_unpredictable() const { return !unpredictable_.empty(); }
  /// #pragma push_macro and pop_macro.
  void push(Symbol name) { pushed_[name].push_back(get(name)); }
  void pop(Symbol name);

  /// Expansion disables a macro while the tokens of its replacement are being read.
  void disable(Symbol name) { ++writable(name).disabled; }
  void enable(Symbol name) { --writable(name).disabled; }
  [[nodiscard]] bool disabled(Symbol name) const {
    return name < slots_.size() && slots_[name].epoch == epoch_ && slots_[name].disabled != 0;
  }

  /// Makes room for all symbols that exist now. all_are() and apply() do not check bounds.
  void make_room() {
    if (slots_.size() < symbol_count()) grow(0);
  }
  /// True if each of these macros is in the given state. Not noted as reads.
  [[nodiscard]] bool all_are(const Change* read, std::size_t count) const {
    const Slot* const slots = slots_.data();
    for (const Change* const end = read + count; read != end; ++read) {
      const Slot& slot = slots[read->name];
      if (!((slot.epoch == epoch_ ? slot.state : MacroState()) == read->state)) return false;
    }
    return true;
  }
  /// As set() for each change. Only outside of branches and expansions.
  void apply(const Change* change, std::size_t count) {
    Slot* const slots = slots_.data();
    for (const Change* const end = change + count; change != end; ++change)
      slots[change->name] = Slot{change->state, epoch_, 0};
  }
  /// Records each get() from now on, until reads_noted().
  void note_reads() {
    reads_.clear();
    noting_ = true;
  }
  [[nodiscard]] const std::vector<Change>& reads_noted() {
    noting_ = false;
    return reads_;
  }

  using Pushed = std::map<Symbol, std::vector<MacroState>>;
  /// The state after one branch, as a difference from the state before it.
  struct Branch {
    std::vector<Change> changes;  ///< sorted by name
    Pushed pushed;
  };
  struct Mark {
    std::size_t trail;
    Pushed pushed;
  };
  /// Walk one of several branches: begin, walk, end. end_branch() undoes and returns the changes.
  Mark begin_branch();
  Branch end_branch(Mark mark);
  void apply(const Branch& branch);
  /// Sets the state after either of two branches.
  void join(const Branch& one, const Branch& other);
  /// The union of two sets of alternatives. More than 16 become "anything".
  MacroState unite(MacroState one, MacroState other);
  MacroState several(std::vector<const Definition*> choices) { return make({std::move(choices), false}); }
  /// The alternatives of `state` that are defined, or those that are not.
  MacroState restrict(MacroState state, bool defined);

 private:
  struct Slot {
    MacroState state;
    std::uint32_t epoch = 0;  ///< older than epoch_: undefined
    std::uint32_t disabled = 0;
  };
  Slot& writable(Symbol name) {
    if (name >= slots_.size()) grow(name);
    Slot& slot = slots_[name];
    if (slot.epoch != epoch_) slot = Slot{MacroState(), epoch_, 0};
    return slot;
  }
  void grow(Symbol name);
  MacroState make(Alternatives alternatives);

  std::vector<Slot> slots_;  ///< by Symbol
  std::uint32_t epoch_ = 1;
  unsigned branches_ = 0;
  std::vector<Change> trail_;      ///< old states, to be restored by end_branch()
  std::deque<Alternatives> made_;  ///< states point to them
  Pushed pushed_;
  std::set<Symbol> unpredictable_;
  std::vector<Change> reads_;
  bool noting_ = false;
  Alternatives anything_{{}, true};
};

}  // namespace pump::include_server
