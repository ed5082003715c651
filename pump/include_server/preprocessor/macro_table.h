// The table of what each macro name means at one point of the walk.
//
// A state is a small set of alternatives: undefined, one definition, or, after branches whose condition is
// not known, several of these or anything at all. Where everything is known there is exactly one, and #define
// is one array store.
#pragma once

#include <cstdint>
#include <deque>
#include <utility>
#include <vector>

#include "pump/include_server/lexer/macro_definition.h"

namespace pump::include_server {

struct Alternatives {
  std::vector<const Definition*> choices;  ///< nullptr: undefined
  bool anything = false;
  [[nodiscard]] bool may_be_undefined() const;
  [[nodiscard]] bool may_be_defined() const;
};

/// Undefined, one Definition, or a pointer to Alternatives.
class MacroState {
 public:
  MacroState() = default;
  explicit MacroState(const Definition* definition) : bits_(reinterpret_cast<std::uintptr_t>(definition)) {}
  explicit MacroState(const Alternatives* several) : bits_(reinterpret_cast<std::uintptr_t>(several) | 1U) {}
  [[nodiscard]] bool certain() const { return (bits_ & 1U) == 0; }
  [[nodiscard]] bool undefined() const { return bits_ == 0; }
  /// Only where certain().
  [[nodiscard]] const Definition* definition() const { return reinterpret_cast<const Definition*>(bits_); }
  [[nodiscard]] const Alternatives& alternatives() const {
    return *reinterpret_cast<const Alternatives*>(bits_ & ~std::uintptr_t{1});
  }
  bool operator==(const MacroState&) const = default;

 private:
  std::uintptr_t bits_ = 0;
};

class MacroTable {
 public:
  /// Forgets everything: O(1).
  void reset();

  [[nodiscard]] MacroState get(Symbol name) {
    const MacroState state = peek(name);
    if (noting_) reads_.push_back({name, state});
    return state;
  }
  /// As get(), but not noted.
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

  // Expansion marks the macros whose replacement is being read.
  void disable(Symbol name) { ++writable(name).disabled; }
  void enable(Symbol name) { --writable(name).disabled; }
  [[nodiscard]] bool disabled(Symbol name) const {
    return name < slots_.size() && slots_[name].epoch == epoch_ && slots_[name].disabled != 0;
  }

  struct Change {
    Symbol name;
    MacroState state;
  };

  /// From now on all_are() and apply() may be asked about all names that there are now.
  void make_room() {
    if (slots_.size() < symbol_count()) grow(0);
  }
  /// True where each of these macros is in the state given. Not noted.
  [[nodiscard]] bool all_are(const Change* read, std::size_t count) const {
    const Slot* const slots = slots_.data();
    for (const Change* const end = read + count; read != end; ++read) {
      const Slot& slot = slots[read->name];
      if (!((slot.epoch == epoch_ ? slot.state : MacroState()) == read->state)) return false;
    }
    return true;
  }
  /// As set() for each, outside of branches and expansions: without a look at what was there.
  void apply(const Change* change, std::size_t count) {
    Slot* const slots = slots_.data();
    for (const Change* const end = change + count; change != end; ++change)
      slots[change->name] = Slot{change->state, epoch_, 0};
  }
  /// Notes what get() gives from now on, until reads_noted(): what an evaluation depended on.
  void note_reads() {
    reads_.clear();
    noting_ = true;
  }
  [[nodiscard]] const std::vector<Change>& reads_noted() {
    noting_ = false;
    return reads_;
  }

  /// Walk one of several branches: begin, walk, end; end() takes the changes back and returns them.
  using Mark = std::size_t;
  Mark begin_branch();
  std::vector<Change> end_branch(Mark mark);
  /// What is true after either of two branches.
  void join(const std::vector<Change>& one, const std::vector<Change>& other);
  MacroState unite(MacroState one, MacroState other);
  MacroState several(std::vector<const Definition*> choices) { return make({std::move(choices), false}); }
  /// The part of `state` that is (not) defined.
  MacroState restrict(MacroState state, bool defined);

 private:
  struct Slot {
    MacroState state;
    std::uint32_t epoch = 0;
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

  std::vector<Slot> slots_;
  std::uint32_t epoch_ = 1;
  unsigned branches_ = 0;
  std::vector<Change> trail_;
  std::deque<Alternatives> made_;
  std::vector<Change> reads_;
  bool noting_ = false;
  Alternatives anything_{{}, true};
};

}  // namespace pump::include_server
