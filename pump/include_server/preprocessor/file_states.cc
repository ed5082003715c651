#include "pump/include_server/preprocessor/file_states.h"

#include <algorithm>

namespace pump::include_server {
namespace {

FileStates::Changes::const_iterator find_file(const FileStates::Changes& changes, const SourceFile* file) {
  return std::find_if(changes.begin(), changes.end(),
                      [file](const auto& change) { return change.first == file; });
}

}  // namespace

Certainty skips(const FileState& state) {
  return std::min(state.once, state.entered);
}

void FileStates::begin_unit(bool clang) {
  clang_ = clang;
  branches_ = 0;
  once_files_.clear();
  once_keys_.clear();
  trail_.clear();
}

/// Equal for files that may be the same.
std::uint64_t FileStates::key(const SourceFile& file) const {
  const FileStatus& status = file.entry->status;
  return clang_ ? status.inode : static_cast<std::uint64_t>(status.mtime_ns / 1'000'000'000);
}

void FileStates::set(SourceFile& file, FileState state) {
  if (file.once == state.once && file.entered == state.entered) return;
  if (branches_ != 0) trail_.emplace_back(&file, FileState{file.once, file.entered});
  if (state.once != Certainty::No && !std::exchange(file.once_listed, true)) {
    once_files_.push_back(&file);
    once_keys_.push_back(key(file));
  }
  file.once = state.once;
  file.entered = state.entered;
}

std::vector<const SourceFile*> FileStates::same_files(const SourceFile& file) const {
  std::vector<const SourceFile*> same;
  if (!file.may_have_same_file) return same;
  const std::uint64_t wanted = key(file);
  const FileStatus& status = file.entry->status;
  for (std::size_t i = 0; i < once_keys_.size(); ++i) {
    if (once_keys_[i] != wanted || once_files_[i] == &file) continue;
    const SourceFile& other = *once_files_[i];
    const FileStatus& others = other.entry->status;
    const bool equal = clang_ ? others.inode == status.inode && others.device == status.device
                              : others.size == status.size && other.hash == file.hash;
    if (equal) same.push_back(&other);
  }
  return same;
}

FileStates::Mark FileStates::begin_branch() {
  ++branches_;
  return trail_.size();
}

FileStates::Changes FileStates::end_branch(Mark mark) {
  Changes changes;
  for (std::size_t i = mark; i < trail_.size(); ++i) {
    SourceFile* const file = trail_[i].first;
    if (find_file(changes, file) == changes.end())
      changes.emplace_back(file, FileState{file->once, file->entered});
  }
  for (; trail_.size() > mark; trail_.pop_back()) {
    trail_.back().first->once = trail_.back().second.once;
    trail_.back().first->entered = trail_.back().second.entered;
  }
  --branches_;
  return changes;
}

void FileStates::apply(const Changes& changes) {
  for (const auto& [file, state] : changes) set(*file, state);
}

void FileStates::join(const Changes& one, const Changes& other) {
  const auto unite = [](Certainty a, Certainty b) { return a == b ? a : Certainty::Maybe; };
  const auto set_united = [&](SourceFile& file, const FileState& a, const FileState& b) {
    set(file, {unite(a.once, b.once), unite(a.entered, b.entered)});
  };
  for (const auto& [file, state] : one) {
    const auto found = find_file(other, file);
    set_united(*file, state, found != other.end() ? found->second : FileState{file->once, file->entered});
  }
  for (const auto& [file, state] : other)
    if (find_file(one, file) == one.end()) set_united(*file, state, {file->once, file->entered});
}

}  // namespace pump::include_server
