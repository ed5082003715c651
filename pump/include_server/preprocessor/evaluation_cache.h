// What directives came to when they were last walked, so that they need not be evaluated again: a run of
// #defines and conditions up to the next #include, a single condition where no run fits, an #include.
//
// A unit of a large project walks hundreds of headers that other units walked before, and nearly all of their
// conditions read the same definitions again. A condition's value depends on the macros it reads, which are
// noted while it is evaluated, and on the compiler's answers to __has_builtin and the like. Where an #include
// leads depends on the search path, the includer's directory and its place in the search path. Whatever
// depends on more (__LINE__, __has_include, several possible definitions) is evaluated each time.
//
// Definitions are compared by address: a walker keeps every scan it has walked, so an address means one thing
// as long as it lives. One set per walker and scan.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <vector>

#include "pump/include_server/compiler/compiler_cache.h"
#include "pump/include_server/lexer/scan.h"
#include "pump/include_server/preprocessor/expression.h"
#include "pump/include_server/preprocessor/macro_table.h"

namespace pump::include_server {

struct Resolution;
struct SourceFile;
struct WalkedScan;

struct CachedCondition {
  /// CompilerProfile::cache_id
  std::uint64_t profile = 0;
  std::uint32_t first_read = 0;  ///< in the store
  std::uint16_t reads = 0, room = 0;
  std::uint32_t other = 0;  ///< the number of a cached result made in another state, in the store; 0: none
  bool made = false;
  bool asked = false;
  Truth truth = Truth::Unknown;
  std::uint8_t others = 0;    ///< that follow
  std::uint8_t given_up = 0;  ///< how often in turn it could not be kept; of the first one, as the next
  std::uint8_t renewed = 0;   ///< how many cached results were replaced
};

struct CachedInclude {
  std::uint32_t space = 0;  ///< IncludeLookup::space(); 0: no cached result
  Symbol directory = 0;     ///< of the includer, where it matters
  int found_at = 0;         ///< of the includer, where it matters
  bool system = false;
  Resolution* resolution = nullptr;
  // What it led to last, to be fetched into the cache in time; perhaps not any more, but not freed either.
  const SourceFile* file = nullptr;
  const WalkedScan* walked = nullptr;
};

/// How many #includes before it is walked what one leads to is fetched into the cache.
constexpr std::uint32_t kFetchedAhead = 2;

/// A scan as one walker knows it: what a walk through it begins with is in one cache line.
struct alignas(64) WalkedScan {
  explicit WalkedScan(std::shared_ptr<const Scan> the_scan)
      : directives(the_scan->directives.data()),
        size(static_cast<DirectiveIndex>(the_scan->directives.size())),
        begins_plain(size != 0 && is_plain(directives[0].kind)),
        includes(std::make_unique<CachedInclude[]>(the_scan->literal_includes + kFetchedAhead)),
        runs(std::make_unique<std::uint32_t[]>(size)),
        conditions(std::make_unique<CachedCondition[]>(the_scan->expressions.size())),
        scan(std::move(the_scan)) {}
  const Directive* directives;  ///< the scan's, as the next
  DirectiveIndex size;
  std::uint32_t first_run = 0;                ///< as one of `runs`, for index 0
  bool begins_plain;                          ///< is_plain() of the first directive
  bool entered = false;                       ///< by some unit: OnEntered has been told
  std::unique_ptr<CachedInclude[]> includes;  ///< by Directive::slot; kFetchedAhead empty ones follow
  /// By the index of the first directive, but for index 0: a number in the store; 0: none.
  std::unique_ptr<std::uint32_t[]> runs;
  std::unique_ptr<CachedCondition[]> conditions;  ///< by Directive::slot
  std::shared_ptr<const Scan> scan;

  /// What it takes, roughly, the scan included.
  [[nodiscard]] std::size_t bytes() const {
    return sizeof *this + scan->bytes() + size * sizeof runs[0] +
           scan->literal_includes * sizeof includes[0] + scan->expressions.size() * sizeof conditions[0];
  }
  [[nodiscard]] std::uint32_t& run_at(DirectiveIndex start) { return start == 0 ? first_run : runs[start]; }
};
static_assert(sizeof(WalkedScan) == 64);

/// The remembered conditions of a walker, and what they have read.
class ConditionStore {
 public:
  /// The cache that holds now, or nullptr.
  [[nodiscard]] const CachedCondition* find(const CachedCondition& first, const CompilerProfile& profile,
                                            const MacroTable& macros) const {
    for (const CachedCondition* cached = &first;; cached = &others_[cached->other]) {
      if (cached->made && cached->profile == profile.cache_id(cached->asked) &&
          macros.all_are(reads_.data() + cached->first_read, cached->reads))
        return cached;
      if (cached->other == 0) return nullptr;
    }
  }
  template <typename Take>
  void for_each_read(const CachedCondition& cached, const Take& take) const {
    for (std::uint32_t i = 0; i < cached.reads; ++i) take(reads_[cached.first_read + i]);
  }
  /// A condition that cannot be kept, time and again, or that is met in ever new states is not worth noting.
  [[nodiscard]] static bool worth_noting(const CachedCondition& first) {
    return first.given_up < kMostTimesGivenUp && first.renewed < kMostRenewed;
  }
  /// Keeps what was noted. Not where there were several possible definitions, or too many reads.
  void keep(const std::vector<MacroTable::Change>& noted, CachedCondition& first, std::uint64_t profile,
            bool asked, Truth truth);
  /// Of a condition, all its cached results.
  void forget(CachedCondition& first);

 private:
  static constexpr std::uint8_t kMostTimesGivenUp = 4, kMostRenewed = 100, kMostOthers = 15;

  CachedCondition& place_for_another(CachedCondition& first);

  std::vector<MacroTable::Change> reads_;
  std::vector<CachedCondition> others_ = std::vector<CachedCondition>(1);
};

/// A run: the directives from one #include, or the like, to the next that only read and write macros. Which macros it
/// read before it wrote them, what it left, where it ended.
struct CachedRun {
  std::uint64_t profile = 0;  ///< as CachedCondition::profile
  std::uint32_t first_read = 0, reads = 0, writes = 0,
                room = 0;   ///< in the store, the writes behind the reads
  DirectiveIndex end = 0;   ///< where to go on
  std::uint32_t other = 0;  ///< the number of a cached result made in another state; 0: none
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
  /// The cache that holds now, or nullptr. `number`: WalkedScan::runs of the place.
  [[nodiscard]] const CachedRun* find(std::uint32_t number, const CompilerProfile& profile,
                                      const MacroTable& macros) const {
    for (; number != 0; number = entries_[number].other) {
      const CachedRun& cached = entries_[number];
      if (cached.made && cached.profile == profile.cache_id(cached.asked) &&
          macros.all_are(changes_.data() + cached.first_read, cached.reads))
        return &cached;
    }
    return nullptr;
  }
  void apply(const CachedRun& cached, MacroTable& macros) const {
    macros.apply(changes_.data() + cached.first_read + cached.reads, cached.writes);
  }
  /// A place that is met in ever new states is not worth noting.
  [[nodiscard]] bool worth_noting(std::uint32_t number) const {
    return entries_[number].renewed < kMostRenewed;
  }
  void keep(const RunNotes& notes, std::uint32_t& number, std::uint64_t profile, DirectiveIndex end);
  /// What WalkedScan::runs hold is void then, too.
  void clear();
  [[nodiscard]] std::size_t bytes() const {
    return changes_.size() * sizeof changes_[0] + entries_.size() * sizeof entries_[0];
  }

 private:
  static constexpr std::uint8_t kMostRenewed = 100, kMostOthers = 15;

  std::uint32_t place_for_another(std::uint32_t& first);

  std::vector<MacroTable::Change> changes_;
  std::vector<CachedRun> entries_ = std::vector<CachedRun>(1);
};

}  // namespace pump::include_server
