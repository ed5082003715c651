// What entering a header did, so that entering it again in a like state need not walk it.
//
// The effect of a header depends only on what it reads before writing it: the state of macros (its own guard and
// those of what it includes among them), whether files were entered before, where the lookups below it lead. A
// summary is that read set with its values, and the effect: macros left, files touched and walked. It is made
// from a log of reads and writes kept while the header is walked (Recorder here, MacroTable::Access for macros),
// and applies where every read gives the same again. Whatever cannot be told from this state alone spoils the
// recordings under way: unknown conditions, __INCLUDE_LEVEL__, an error, a macro popped that others pushed.
//
// Definitions and files are compared by address: a walker keeps every scan it has walked (SourceFile::scans), so
// an address means one thing as long as the walker lives. One store per worker.
#pragma once

#include <tsl/robin_map.h>

#include <memory>
#include <utility>
#include <vector>

#include "pump/include_server/include_lookup.h"
#include "pump/include_server/macro.h"

namespace pump::include_server {

struct HeaderSummary {
  struct FileRead {
    SourceFile* file;
    Certainty once, entered;
    bool entered_matters;  ///< not where only `once` was looked at
    Certainty once_after;
  };
  struct Touch {
    Resolution* resolution;
    std::uint32_t version;  ///< Resolution::version: it led there when this was recorded
    bool opened;            ///< not only looked for
  };

  /// The compiler's answers to __has_builtin and the like are part of the effect: CompilerProfile::answers_id, or
  /// its id where something was asked that is not known in advance.
  std::uint64_t profile = 0;
  bool asked = false;
  std::uint32_t mode_bits = 0;  ///< how text was scanned
  std::vector<MacroTable::Change> reads, writes;
  std::vector<FileRead> files;
  std::vector<Touch> touched;
  std::vector<Resolution*> walked;
  unsigned depth = 0;  ///< include levels below the header
  std::uint32_t used = 0;  ///< epoch of the last use

  [[nodiscard]] std::size_t bytes() const;
};

/// The log of one walk; recordings nest as includes do.
class Recorder {
 public:
  void reset();

  /// True while some recording can still become a summary.
  [[nodiscard]] bool active() const { return recordings_.size() > spoiled_; }
  /// Nothing that is being recorded can be told from the state alone.
  void spoil() { spoiled_ = recordings_.size(); }

  void begin(MacroTable& macros, unsigned level);
  /// Ends the innermost recording and hands its log on to the one around it. Nothing where it was spoiled.
  std::unique_ptr<HeaderSummary> end(MacroTable& macros);

  // What the walk tells, all ignored while nothing is recorded.
  void read_file(SourceFile& file, bool entered_matters) {
    if (active()) files_.push_back({&file, file.once, file.entered, entered_matters, file.once});
  }
  void touch(Resolution& resolution, bool opened) {
    if (active()) touched_.push_back({&resolution, resolution.version, opened});
  }
  void walk(Resolution& resolution) {
    if (active()) walked_.push_back(&resolution);
  }
  void reach_level(unsigned level) {
    if (!recordings_.empty()) recordings_.back().deepest = std::max(recordings_.back().deepest, level);
  }
  /// The compiler was asked, with all its flags.
  void ask() {
    if (!recordings_.empty()) recordings_.back().asked = true;
  }
  void push_macro(Symbol name);
  void pop_macro(Symbol name);

 private:
  struct Recording {
    MacroTable::LogMark macros;
    std::size_t files, touched, walked;
    unsigned level, deepest;
    bool asked = false;
    std::vector<Symbol> pushed{};
  };
  void collect(const Recording& recording, HeaderSummary& summary);

  std::vector<Recording> recordings_;
  std::size_t spoiled_ = 0;  ///< the outer ones of recordings_ that give no summary
  std::uint32_t serial_ = 0;
  std::vector<HeaderSummary::FileRead> files_;
  std::vector<HeaderSummary::Touch> touched_;
  std::vector<Resolution*> walked_;
};

/// The summaries of a worker, a few variants per header, bounded by bytes.
class SummaryStore {
 public:
  explicit SummaryStore(std::size_t capacity_bytes) : capacity_(capacity_bytes) {}

  struct Variants {
    std::vector<std::unique_ptr<HeaderSummary>> summaries;  ///< the last one that applied first
    unsigned recorded = 0, applied = 0;

    /// Recording takes longer than walking: a header that is met in ever new states is not worth it.
    [[nodiscard]] bool worth_recording() const { return recorded < 2 + applied / 2; }
  };
  Variants& of(const Resolution& header) { return variants_[&header]; }
  void add(Variants& variants, std::unique_ptr<HeaderSummary> summary);
  void remove(Variants& variants, std::size_t index);
  /// Between units: drops those used longest ago where there are too many.
  void trim();
  void clear();

 private:
  const std::size_t capacity_;
  std::size_t bytes_ = 0;
  tsl::robin_map<const Resolution*, Variants> variants_;
};

}  // namespace pump::include_server
