#include "pump/include_server/header_summary.h"

#include <algorithm>

namespace pump::include_server {
namespace {

/// States that one header is met in; with more, it is cheaper to walk it than to compare.
constexpr std::size_t kMostVariants = 8;

}  // namespace

std::size_t HeaderSummary::bytes() const {
  return sizeof *this + (reads.capacity() + writes.capacity()) * sizeof reads[0] +
         files.capacity() * sizeof files[0] + touched.capacity() * sizeof touched[0] +
         walked.capacity() * sizeof walked[0];
}

void Recorder::reset() {
  recordings_.clear();
  spoiled_ = 0;
  files_.clear();
  touched_.clear();
  walked_.clear();
}

void Recorder::begin(MacroTable& macros, unsigned level) {
  recordings_.push_back(
      {macros.begin_log(), files_.size(), touched_.size(), walked_.size(), level, level});
}

void Recorder::push_macro(Symbol name) {
  if (active()) recordings_.back().pushed.push_back(name);
}

void Recorder::pop_macro(Symbol name) {
  if (!active()) return;
  std::vector<Symbol>& pushed = recordings_.back().pushed;
  const auto own = std::find(pushed.begin(), pushed.end(), name);
  if (own == pushed.end()) {
    spoil();
  } else {
    pushed.erase(own);
  }
}

std::unique_ptr<HeaderSummary> Recorder::end(MacroTable& macros) {
  if (!recordings_.back().pushed.empty() || macros.take_logged_uncertain()) spoil();
  const bool whole = active();
  const Recording recording = std::move(recordings_.back());
  recordings_.pop_back();
  spoiled_ = std::min(spoiled_, recordings_.size());
  auto summary = std::make_unique<HeaderSummary>();
  macros.end_log(recording.macros, active(), whole ? &summary->reads : nullptr,
                 whole ? &summary->writes : nullptr);
  reach_level(recording.deepest);
  if (recording.asked) ask();
  if (whole) {
    summary->depth = recording.deepest - recording.level;
    summary->asked = recording.asked;
    collect(recording, *summary);
  }
  // What is left of the log is what the recording around this one needs: each event once.
  files_.resize(recording.files);
  touched_.resize(recording.touched);
  walked_.resize(recording.walked);
  if (active()) {
    files_.insert(files_.end(), summary->files.begin(), summary->files.end());
    touched_.insert(touched_.end(), summary->touched.begin(), summary->touched.end());
    walked_.insert(walked_.end(), summary->walked.begin(), summary->walked.end());
  }
  return whole ? std::move(summary) : nullptr;
}

/// The first of each kind of event counts: later ones saw what the header itself had done.
void Recorder::collect(const Recording& recording, HeaderSummary& summary) {
  ++serial_;
  for (std::size_t i = recording.files; i < files_.size(); ++i) {
    HeaderSummary::FileRead& read = files_[i];
    if (read.file->summary_stamp == serial_) {
      summary.files[read.file->summary_index].entered_matters |= read.entered_matters;
      continue;
    }
    read.file->summary_stamp = serial_;
    read.file->summary_index = static_cast<std::uint32_t>(summary.files.size());
    summary.files.push_back(read);
  }
  for (HeaderSummary::FileRead& read : summary.files) read.once_after = read.file->once;
  for (std::size_t i = recording.touched; i < touched_.size(); ++i) {
    const HeaderSummary::Touch& touch = touched_[i];
    if (touch.resolution->summary_stamp == serial_) {
      summary.touched[touch.resolution->summary_index].opened |= touch.opened;
      continue;
    }
    touch.resolution->summary_stamp = serial_;
    touch.resolution->summary_index = static_cast<std::uint32_t>(summary.touched.size());
    summary.touched.push_back(touch);
  }
  ++serial_;
  for (std::size_t i = recording.walked; i < walked_.size(); ++i) {
    if (walked_[i]->summary_stamp == serial_) continue;
    walked_[i]->summary_stamp = serial_;
    summary.walked.push_back(walked_[i]);
  }
  summary.files.shrink_to_fit();
  summary.touched.shrink_to_fit();
  summary.walked.shrink_to_fit();
}

void SummaryStore::add(Variants& variants, std::unique_ptr<HeaderSummary> summary) {
  bytes_ += summary->bytes();
  if (variants.summaries.size() >= kMostVariants) remove(variants, variants.summaries.size() - 1);
  variants.summaries.insert(variants.summaries.begin(), std::move(summary));
}

void SummaryStore::remove(Variants& variants, std::size_t index) {
  bytes_ -= variants.summaries[index]->bytes();
  variants.summaries.erase(variants.summaries.begin() + static_cast<std::ptrdiff_t>(index));
}

void SummaryStore::trim() {
  if (bytes_ <= capacity_) return;
  std::vector<std::uint32_t> uses;
  for (const auto& [header, variants] : variants_)
    for (const auto& summary : variants.summaries) uses.push_back(summary->used);
  const auto middle = uses.begin() + static_cast<std::ptrdiff_t>(uses.size() / 2);
  std::nth_element(uses.begin(), middle, uses.end());
  const std::uint32_t oldest = *middle;
  for (auto entry = variants_.begin(); entry != variants_.end(); ++entry) {
    Variants& variants = entry.value();
    for (std::size_t i = variants.summaries.size(); i-- > 0;)
      if (variants.summaries[i]->used <= oldest) remove(variants, i);
  }
}

void SummaryStore::clear() {
  variants_.clear();
  bytes_ = 0;
}

}  // namespace pump::include_server
