#include "pump/include_server/preprocessor/source_file.h"

#include <algorithm>
#include <atomic>

namespace pump::include_server {

std::size_t WalkedScan::bytes() const {
  return sizeof *this + scan->bytes() + runs.size() * sizeof runs[0] + includes.size() * sizeof includes[0] +
         conditions.size() * sizeof conditions[0];
}

void SourceFileTable::begin_unit(const ScanMode& mode) {
  ++epoch_;
  mode_ = mode;
  mode_bits_ = mode.bits() + 1;
}

SourceFile& SourceFileTable::file_of(const Entry& entry) {
  SourceFile*& file = file_of_[&entry];
  if (file == nullptr) {
    file = &files_.emplace_back();
    file->entry = &entry;
  }
  return *file;
}

SourceFile& SourceFileTable::in_unit(SourceFile& file) const {
  if (file.epoch != epoch_) {
    file.epoch = epoch_;
    file.closure_index = SourceFile::kNotInClosure;
    file.once = file.entered = Certainty::No;
    file.once_listed = file.entered_absolute = file.entered_relative = false;
  }
  return file;
}

Expected<WalkedScan*> SourceFileTable::load_scan(SourceFile& file) {
  if (!file.hashed) {
    const Expected<ContentHash> hash = tree_.hash(*file.entry);
    if (!hash) return tl::unexpected(hash.error());
    file.hash = *hash;
    file.hashed = true;
    look_for_same_content(file);
  }
  const auto use = [&](WalkedScan* walked) {
    file.scan_mode = mode_bits_;
    file.guard = walked->scan->guard;
    return file.walked = walked;
  };
  for (const auto& [mode, known] : file.scans)
    if (mode == mode_bits_) return use(known.get());
  Error error;
  auto scan = scans_.get(file.hash, mode_, [&]() -> std::shared_ptr<const std::string> {
    Expected<FileVersion> version = tree_.load(*file.entry);
    if (version) return version->bytes;
    error = version.error();
    return nullptr;
  });
  if (!scan) return tl::unexpected(error);
  file.scans.emplace_back(mode_bits_, std::make_unique<WalkedScan>(std::move(scan)));
  return use(file.scans.back().second.get());
}

void SourceFileTable::look_for_same_content(SourceFile& file) {
  if (file.entry->status.links > 1) file.may_have_same_file = true;
  const auto [first, inserted] = file_of_content_.emplace(file.hash.low, &file);
  if (inserted || first->second == &file) return;
  file.may_have_same_file = first->second->may_have_same_file = true;
}

void SourceFileTable::forget_runs() {
  for (SourceFile& file : files_)
    for (auto& [mode, walked] : file.scans) std::fill(walked->runs.begin(), walked->runs.end(), 0U);
}

void SourceFileTable::forget_conditions() {
  for (SourceFile& file : files_)
    for (auto& [mode, walked] : file.scans)
      std::fill(walked->conditions.begin(), walked->conditions.end(), 0U);
}

std::size_t SourceFileTable::outdated_bytes() const {
  std::size_t bytes = 0;
  for (const SourceFile& file : files_) {
    if (file.entry->changed_at.load(std::memory_order_relaxed) == 0) continue;
    for (const auto& [mode, walked] : file.scans) bytes += walked->bytes();
  }
  return bytes;
}

}  // namespace pump::include_server
