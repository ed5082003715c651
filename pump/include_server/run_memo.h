// A run: the directives from one #include, or the like, to the next that only read and write macros. Which
// macros it read before it wrote them, what it left, where it ended. directive_memo.h tells why. One store
// per walker.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "pump/include_server/compiler.h"
#include "pump/include_server/macro_table.h"
#include "pump/include_server/scan.h"

namespace pump::include_server {

/// Of directives that do nothing but read and write macros: which, from where on, what they leave.
struct RunMemo {
  std::uint64_t profile = 0;  ///< as ConditionMemo::profile
  std::uint32_t first_read = 0, reads = 0, writes = 0,
                room = 0;   ///< in the store, the writes behind the reads
  DirectiveIndex end = 0;   ///< where to go on
  std::uint32_t other = 0;  ///< the number of a memo made in another state; 0: none
  bool made = false;
  bool asked = false;
  std::uint8_t others = 0, renewed = 0;  ///< of the first one
};

/// What a run reads before it writes it, and what it leaves; the reads of macros that it wrote are its own
/// affair.
class RunNotes {
 public:
  void begin() {
    ++serial_;
    reads.clear();
    writes.clear();
    asked = false;
  }
  void read(const MacroTable::Change& read) {
    Mark& mark = mark_of(read.name);
    if (mark.serial != serial_) {
      mark = {serial_, kNotWritten};
      reads.push_back(read);
    }
  }
  void wrote(Symbol name, MacroState state) {
    Mark& mark = mark_of(name);
    if (mark.serial == serial_ && mark.write != kNotWritten) {
      writes[mark.write].state = state;
    } else {
      mark = {serial_, static_cast<std::uint32_t>(writes.size())};
      writes.push_back({name, state});
    }
  }
  std::vector<MacroTable::Change> reads, writes;
  bool asked = false;  ///< the compiler, with all its flags

 private:
  static constexpr std::uint32_t kNotWritten = ~0U;
  struct Mark {
    std::uint32_t serial = 0, write = 0;
  };
  Mark& mark_of(Symbol name) {
    if (name >= marks_.size())
      marks_.resize(std::max<std::size_t>(symbol_count() + 1024, std::size_t{name} + 1));
    return marks_[name];
  }
  std::vector<Mark> marks_;
  std::uint32_t serial_ = 0;
};

/// The remembered runs of a walker.
class RunStore {
 public:
  /// The memo that holds now, or nullptr. `number`: WalkedScan::runs of the place.
  [[nodiscard]] const RunMemo* find(std::uint32_t number, const CompilerProfile& profile,
                                    const MacroTable& macros) const {
    for (; number != 0; number = memos_[number].other) {
      const RunMemo& memo = memos_[number];
      if (memo.made && memo.profile == profile.memo_id(memo.asked) &&
          macros.all_are(changes_.data() + memo.first_read, memo.reads))
        return &memo;
    }
    return nullptr;
  }
  void apply(const RunMemo& memo, MacroTable& macros) const {
    macros.apply(changes_.data() + memo.first_read + memo.reads, memo.writes);
  }
  /// A place that is met in ever new states is not worth noting.
  [[nodiscard]] bool worth_noting(std::uint32_t number) const {
    return memos_[number].renewed < kMostRenewed;
  }
  void keep(const RunNotes& notes, std::uint32_t& number, std::uint64_t profile, DirectiveIndex end);
  /// What WalkedScan::runs hold is void then, too.
  void clear();
  [[nodiscard]] std::size_t bytes() const {
    return changes_.size() * sizeof changes_[0] + memos_.size() * sizeof memos_[0];
  }

 private:
  static constexpr std::uint8_t kMostRenewed = 100, kMostOthers = 15;

  std::uint32_t place_for_another(std::uint32_t& first);

  std::vector<MacroTable::Change> changes_;
  std::vector<RunMemo> memos_ = std::vector<RunMemo>(1);
};

}  // namespace pump::include_server
