// Headers met before in the same state: their effect is applied instead of walking them (header_summary.h).
#include <algorithm>

#include "pump/include_server/walker.h"

namespace pump::include_server {
namespace {

/// A file with fewer directives and no includes is walked in less time than a summary takes to compare.
constexpr std::size_t kWorthwhileDirectives = 32;

}  // namespace

void Walker::begin_summaries() {
  recorder_.reset();
  if (lookup_drops_ != lookup_.drops()) summaries_.clear();
  lookup_drops_ = lookup_.drops();
  summaries_.trim();
}

void Walker::walk_header(Resolution& resolution, const Scan& scan) {
  if (budget_.summary_bytes == 0 || !volatile_.empty() ||
      (!scan.includes && scan.directives.size() < kWorthwhileDirectives)) {
    walk_file(resolution, scan);
    return;
  }
  if (apply_summary(resolution)) return;
  if (!summaries_.of(resolution).worth_recording()) {
    walk_file(resolution, scan);
    return;
  }
  recorder_.begin(macros_, frame_->level + 1);
  recorder_.touch(resolution, true);  // the header itself, as this version of it
  recorder_.read_file(*resolution.file, false);
  walk_file(resolution, scan);
  auto summary = recorder_.end(macros_);
  SummaryStore::Variants& variants = summaries_.of(resolution);
  ++variants.recorded;
  if (!summary || stopped()) return;
  summary->profile = summary->asked ? unit_->profile->id : unit_->profile->answers_id;
  summary->mode_bits = mode_.bits();
  summary->used = lookup_.epoch();
  summaries_.add(variants, std::move(summary));
}

bool Walker::apply_summary(const Resolution& header) {
  SummaryStore::Variants& variants = summaries_.of(header);
  auto& summaries = variants.summaries;
  for (std::size_t i = 0; i < summaries.size(); ++i) {
    if (!applies(*summaries[i])) continue;
    if (unit_->profile->clang && !names_as_before(*summaries[i])) continue;
    if (!leads_as_before(*summaries[i])) {
      summaries_.remove(variants, i--);
      if (variants.recorded > 0) --variants.recorded;  // a file has changed, not the state
      continue;
    }
    const auto found = summaries.begin() + static_cast<std::ptrdiff_t>(i);
    std::rotate(summaries.begin(), found, found + 1);
    ++variants.applied;
    summaries.front()->used = lookup_.epoch();
    apply(*summaries.front());
    return true;
  }
  return false;
}

/// Whether macros and files are in the state that the summary was made in.
bool Walker::applies(const HeaderSummary& summary) {
  const CompilerProfile& profile = *unit_->profile;
  if (summary.profile != (summary.asked ? profile.id : profile.answers_id) || summary.mode_bits != mode_.bits() ||
      frame_->level + 1 + summary.depth > budget_.nesting)
    return false;
  for (const MacroTable::Change& read : summary.reads)
    if (!(macros_.peek(read.name) == read.state)) return false;
  return files_as_before(summary);
}

bool Walker::files_as_before(const HeaderSummary& summary) {
  return std::all_of(summary.files.begin(), summary.files.end(), [&](const HeaderSummary::FileRead& read) {
    const SourceFile& file = current(*read.file);
    return file.once == read.once && (!read.entered_matters || file.entered == read.entered) &&
           twins_once(file).empty();
  });
}

/// clang only: no directory below has another name already.
bool Walker::names_as_before(const HeaderSummary& summary) const {
  return std::all_of(summary.touched.begin(), summary.touched.end(), [&](const HeaderSummary::Touch& touch) {
    const Resolution& resolution = *touch.resolution;
    return resolution.file == nullptr || name_of_directory(resolution) == resolution.directory;
  });
}

bool Walker::leads_as_before(const HeaderSummary& summary) {
  return std::all_of(summary.touched.begin(), summary.touched.end(), [&](const HeaderSummary::Touch& touch) {
    return lookup_.still(*touch.resolution, touch.version);
  });
}

void Walker::apply(const HeaderSummary& summary) {
  steps_.add(summary.reads.size() + summary.writes.size() + summary.touched.size());
  if (recorder_.active())
    for (const MacroTable::Change& read : summary.reads) static_cast<void>(macros_.get(read.name));
  for (const HeaderSummary::FileRead& read : summary.files) recorder_.read_file(*read.file, read.entered_matters);
  for (const HeaderSummary::Touch& touch : summary.touched) {
    record(*touch.resolution, false);
    if (touch.opened && touch.resolution->file != nullptr) opened(*touch.resolution);
  }
  for (Resolution* walked : summary.walked) name_walked(*walked);
  for (const HeaderSummary::FileRead& read : summary.files)
    if (read.once_after != read.once) set_file_state(*read.file, {read.once_after, read.file->entered});
  for (const MacroTable::Change& write : summary.writes) macros_.set(write.name, write.state);
  recorder_.reach_level(frame_->level + 1 + summary.depth);
  if (summary.asked) recorder_.ask();
}

}  // namespace pump::include_server
