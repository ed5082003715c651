// Cached results of evaluating directives, so that the next translation unit need not evaluate them again.
//
// The units of a large project include mostly the same headers, and nearly all conditions in them read the
// same macro definitions again. Three kinds of results are kept, each with what it depends on:
// - a run: the directives up to the next #include. It depends on the macros it reads before it writes them,
//   and consists of the macros it writes and the directive to continue at;
// - a condition that no run covers. It depends on the macros it reads;
// - an #include that names its header. It depends on the search path, on the includer's directory and on the
//   includer's position in the search path. Runs and conditions also depend on the compiler's answers to
//   __has_builtin and similar queries. Whatever depends on more (__LINE__, __has_include, a macro with
//   several possible definitions) is evaluated each time.
//
// A place is a directive of one scan. Its results in different macro states form a list. The scan holds the
// number of the first one (WalkedScan), a ResultStore holds the results.
//
// Definitions are compared by address. That is exact because a Walker keeps every scan it has walked.
// Part of one Walker; not thread-safe.
//
// Rejected: caching a whole header with everything it includes. A header like <memory> is entered in nearly
// as many states as there are orders of includes before it, and comparing and keeping them cost what walking
// costs.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "pump/include_server/compiler/compiler_profile.h"
#include "pump/include_server/lexer/scan.h"
#include "pump/include_server/preprocessor/expression.h"
#include "pump/include_server/preprocessor/macro_table.h"

namespace pump::include_server {

struct Resolution;

/// The header that an #include led to, and the circumstances under which it leads there again.
struct CachedInclude {
  std::uint32_t space = 0;  ///< IncludeLookup::space(); 0: no cached result
  Symbol directory = 0;     ///< of the includer; 0 if the result does not depend on it
  int found_at = 0;         ///< position of the includer in the search path, if the result depends on it
  bool system = false;      ///< the includer is a system header
  Resolution* resolution = nullptr;
};

/// A result in a ResultStore; 0: none.
using ResultNumber = std::uint32_t;

/// What a run or a condition evaluated to in one macro state.
struct CachedResult {
  std::uint64_t profile = 0;       ///< CompilerProfile::cache_id
  std::uint32_t first_change = 0;  ///< in the store: first the macros read, then those written
  std::uint32_t reads = 0, writes = 0, room = 0;
  ResultNumber next = 0;               ///< result of the same place in another state
  DirectiveIndex end = 0;              ///< of a run: the directive to continue at
  Truth truth = Truth::Unknown;        ///< of a condition
  bool valid = false;                  ///< false: the place was tried, but has no result yet
  bool asked_compiler = false;         ///< it depends on all flags of the compiler
  std::uint8_t others = 0;             ///< of the place's first result: how many follow
  std::uint8_t replaced = 0;           ///< of the first: how many results were replaced
  std::uint8_t failures_in_a_row = 0;  ///< of the first: how often the place could not be cached
};

/// What an evaluation depends on and produces.
struct Evaluation {
  const MacroTable::Change* reads = nullptr;
  std::size_t read_count = 0;
  const MacroTable::Change* writes = nullptr;
  std::size_t write_count = 0;
  bool asked_compiler = false;
  DirectiveIndex end = 0;
  Truth truth = Truth::Unknown;
};

/// The results of all runs, or of all conditions.
class ResultStore {
 public:
  /// The result that holds in the present state of `macros`, or nullptr. The pointer is valid until the next
  /// keep() or count_failure().
  [[nodiscard]] const CachedResult* find(ResultNumber first, const CompilerProfile& profile,
                                         const MacroTable& macros) const {
    for (ResultNumber number = first; number != 0; number = results_[number].next) {
      const CachedResult& result = results_[number];
      if (result.valid && result.profile == profile.cache_id(result.asked_compiler) &&
          macros.all_are(reads(result), result.reads))
        return &result;
    }
    return nullptr;
  }
  [[nodiscard]] const MacroTable::Change* reads(const CachedResult& result) const {
    return changes_.data() + result.first_change;
  }
  /// Sets the macros that the run writes.
  void apply(const CachedResult& result, MacroTable& macros) const {
    macros.apply(reads(result) + result.reads, result.writes);
  }
  /// False if the place's results were replaced often, or if it could not be cached several times in a row.
  [[nodiscard]] bool worth_caching(ResultNumber first) const {
    return first == 0 ||
           (results_[first].failures_in_a_row < kMostFailures && results_[first].replaced < kMostReplaced);
  }
  /// Adds a result to the place whose first result is `first`. A place with 16 results has its first one
  /// replaced. macros.make_room() comes before the next find().
  void keep(const Evaluation& evaluation, const CompilerProfile& profile, ResultNumber& first);
  /// The place was evaluated but the result cannot be cached.
  void count_failure(ResultNumber& first);
  /// Invalidates all numbers.
  void clear();
  [[nodiscard]] std::size_t bytes() const {
    return changes_.size() * sizeof changes_[0] + results_.size() * sizeof results_[0];
  }

 private:
  static constexpr std::uint8_t kMostFailures = 4, kMostReplaced = 100, kMostOthers = 15;

  ResultNumber add();
  ResultNumber free_result(ResultNumber& first);

  std::vector<MacroTable::Change> changes_;
  std::vector<CachedResult> results_ = std::vector<CachedResult>(1);  ///< [0] is not used
};

/// Records what a run depends on and what it leaves, while it is evaluated. A macro that is read after the
/// run wrote it is not a dependency.
class RunRecorder {
 public:
  void begin() {
    ++serial_;
    reads_.clear();
    writes_.clear();
    asked_compiler_ = false;
  }
  void read(const MacroTable::Change& read) {
    Mark& mark = mark_of(read.name);
    if (mark.serial == serial_) return;
    mark = {serial_, kNotWritten};
    reads_.push_back(read);
  }
  void write(Symbol name, MacroState state) {
    Mark& mark = mark_of(name);
    if (mark.serial == serial_ && mark.write != kNotWritten) {
      writes_[mark.write].state = state;
    } else {
      mark = {serial_, static_cast<std::uint32_t>(writes_.size())};
      writes_.push_back({name, state});
    }
  }
  void set_asked_compiler(bool asked) { asked_compiler_ = asked_compiler_ || asked; }
  [[nodiscard]] Evaluation evaluation(DirectiveIndex end) const {
    return {reads_.data(), reads_.size(), writes_.data(), writes_.size(), asked_compiler_, end};
  }

 private:
  static constexpr std::uint32_t kNotWritten = ~0U;
  struct Mark {
    std::uint32_t serial = 0;  ///< of the run that touched the macro last
    std::uint32_t write = 0;   ///< index in writes_
  };
  Mark& mark_of(Symbol name) {
    if (name >= marks_.size())
      marks_.resize(std::max<std::size_t>(symbol_count() + 1024, std::size_t{name} + 1));
    return marks_[name];
  }

  std::vector<MacroTable::Change> reads_, writes_;
  bool asked_compiler_ = false;
  std::vector<Mark> marks_;
  std::uint32_t serial_ = 0;
};

}  // namespace pump::include_server
