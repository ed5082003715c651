// What the walk puts into the closure, and what it knows of each file in the unit.
#include <fmt/format.h>

#include <algorithm>

#include "pump/include_server/lexer/scan_cache.h"
#include "pump/include_server/preprocessor/walker.h"

namespace pump::include_server {

WalkedScan* Walker::scan_of(SourceFile& file) {
  const std::uint32_t bits = mode_bits_;
  if (file.walked != nullptr && file.scan_mode == bits) return file.walked;
  const auto failed = [&](const Error& error) {
    give_up(error.code == EAGAIN ? GiveUp::ChangedMeanwhile : GiveUp::ReadFailed, error.message);
    return nullptr;
  };
  if (!file.hashed) {
    const Expected<ContentHash> hash = tree_.hash(*file.entry);
    if (!hash) return failed(hash.error());
    file.hash = *hash;
    file.hashed = true;
    look_for_twin(file);
  }
  for (const auto& [mode, known] : file.scans)
    if (mode == bits) {
      file.scan_mode = bits;
      file.guard = known->scan->guard;
      return file.walked = known.get();
    }
  Error error;
  auto scan = scans_.get(file.hash, mode_, [&]() -> std::shared_ptr<const std::string> {
    Expected<FileVersion> version = tree_.load(*file.entry);
    if (version) return version->bytes;
    error = version.error();
    return nullptr;
  });
  if (!scan) return failed(error);
  file.scan_mode = bits;
  file.guard = scan->guard;
  file.scans.emplace_back(bits, std::make_unique<WalkedScan>(std::move(scan)));
  return file.walked = file.scans.back().second.get();
}

void Walker::look_for_twin(SourceFile& file) {
  if (file.entry->status.links > 1) file.has_twin = true;
  const auto [first, inserted] = file_of_content_.emplace(file.hash.low, &file);
  if (inserted || first->second == &file) return;
  file.has_twin = first->second->has_twin = true;
}

SourceFile& Walker::current(SourceFile& file) {
  if (file.epoch != lookup_.epoch()) {
    file.epoch = lookup_.epoch();
    file.closure_index = ~0U;
    file.once = file.entered = Certainty::No;
    file.entered_absolute = file.entered_relative = file.once_listed = false;
  }
  return file;
}

/// gcc takes files of equal content, size and time (in seconds) for one, clang those of equal inode.
std::uint64_t Walker::once_key(const SourceFile& file) const {
  const FileStatus& status = file.entry->status;
  return clang_ ? status.inode : static_cast<std::uint64_t>(status.mtime_ns / 1'000'000'000);
}

void Walker::set_file_state(SourceFile& file, FileState state) {
  current(file);
  if (file.once == state.once && file.entered == state.entered) return;
  if (branches_ != 0) file_trail_.emplace_back(&file, FileState{file.once, file.entered});
  if (state.once != Certainty::No && !std::exchange(file.once_listed, true)) {
    once_files_.push_back(&file);
    once_keys_.push_back(once_key(file));
    if (file.closure_index != ~0U) closure_->files[file.closure_index].pragma_once = true;
  }
  file.once = state.once;
  file.entered = state.entered;
}

void Walker::record(Resolution& resolution, bool entered) {
  if (resolution.recorded != lookup_.epoch()) lookup_.put_into(*closure_, resolution);
  if (resolution.file == nullptr) return;
  SourceFile& file = current(*resolution.file);
  if (file.closure_index == ~0U) {
    file.closure_index = static_cast<std::uint32_t>(closure_->files.size());
    ClosureFile& added = closure_->files.emplace_back();
    added.entry = file.entry;
    added.spelled = resolution.text;
    added.absolute = !added.spelled.empty() && added.spelled.front() == '/';
    if (file.hashed) added.hash = file.hash;
    file.servers_own = added.servers_own = is_servers_own(resolution);
    if (clang_) take_for_first_name(file, resolution);
  } else if (file.servers_own && !is_servers_own(resolution)) {
    file.servers_own = closure_->files[file.closure_index].servers_own = false;
  }
  ClosureFile& listed = closure_->files[file.closure_index];
  if (entered) listed.entered = true;
  if (!clang_) return;
  directory_names_.try_emplace(resolution.parent, resolution.directory);
  // A file that is named by its last lookup, probes included: the copy can carry one kind of name only.
  if (unit_->profile->dialect.files != FileNaming::LastLookup) return;
  if (spelling(resolution.spelled) != listed.spelled) {
    const bool absolute = spelling(resolution.spelled).starts_with('/');
    if (absolute != listed.absolute || (absolute && being_read(file))) listed.mixed_spellings = true;
  }
}

/// clang opens a file once and reads it under all its names, from the directory of the first.
void Walker::take_for_first_name(const SourceFile& file, const Resolution& resolution) {
  const FileStatus& status = file.entry->status;
  const auto [first, inserted] = first_names_.try_emplace(FileId{status.device, status.inode}, file.entry);
  if (inserted && resolution.parent != file.entry->parent) met_through_link_[file.entry] = resolution.parent;
  if (!inserted) closure_->files[file.closure_index].taken_for = first->second;
}

const Entry* Walker::first_name_of(const SourceFile& file) const {
  const Entry* const first = closure_->files[file.closure_index].taken_for;
  return first == nullptr ? file.entry : first;
}

/// The rest of its text is read under the new name, if the compiler is clang.
bool Walker::being_read(const SourceFile& file) {
  for (const Frame* frame = frame_; frame != nullptr; frame = frame->includer)
    if (frame->walked != nullptr && frame->resolution->file == &file) return true;
  return false;
}

void Walker::give_up(GiveUp reason, std::string detail) {
  if (gave_up()) return;
  closure_->give_up = reason;
  closure_->detail = std::move(detail);
  stopped_ = true;
}

void Walker::not_exact(const char* why) {
  if (closure_->inexact.empty()) closure_->inexact = fmt::format("{}: {}", location(), why);
}

void Walker::record_extra_inputs() {
  for (const std::string& path : unit_->extra_inputs) record(lookup_.path(path), false);
}

void Walker::note_name(Symbol name, const Entry* in, const std::string& place) {
  if (!spelling(name).starts_with('/')) return;
  closure_->absolute_names.push_back({spelling(name), in, place.empty() ? location() : place});
}

/// Where #include "..." in that file looks from.
Symbol Walker::name_of_directory(const Resolution& file) {
  if (!clang_ || file.file == nullptr) return file.directory;
  const Dialect& dialect = unit_->profile->dialect;
  const DirectoryNaming naming = dialect.directories;
  if (naming == DirectoryNaming::OfFile && dialect.files == FileNaming::EachInclude) return file.directory;
  const Entry* const met = first_name_of(*file.file);
  const auto link = met_through_link_.find(met);
  const Directory* const parent = link == met_through_link_.end() ? met->parent : link->second;
  const auto first = directory_names_.find(parent);
  if (naming == DirectoryNaming::First)
    return first == directory_names_.end() ? file.directory : first->second;
  const auto entered = entered_from_.find(met);
  const Symbol own = entered == entered_from_.end() ? file.directory : entered->second;
  if (naming == DirectoryNaming::Unsure) {
    const SearchPath::FirstName* const searched = unit_->search->first_name_of(parent);
    if ((searched != nullptr && searched->name != spelling(own)) ||
        (first != directory_names_.end() && first->second != own))
      give_up(GiveUp::NotSendable,
              fmt::format("{}: by which name this clang knows the directory of {} is not known", location(),
                          spelling(file.spelled)));
  }
  return own;
}

/// Where -include looks from. To a clang that knows a directory by the name it met first, that may be one of an option
/// or of the source.
Symbol Walker::working_directory() {
  static const Symbol kHere = intern(".");
  const DirectoryNaming naming = unit_->profile->dialect.directories;
  if (!clang_ || naming == DirectoryNaming::OfFile) return kHere;
  const SearchPath::FirstName* const searched = unit_->search->first_name_of(unit_->cwd_directory);
  const auto met = directory_names_.find(unit_->cwd_directory);
  const Symbol name = searched != nullptr             ? intern(searched->name)
                      : met != directory_names_.end() ? met->second
                                                      : kHere;
  if (naming == DirectoryNaming::Unsure && name != kHere)
    give_up(GiveUp::NotSendable,
            "-include, and by which name this clang knows the working directory is not known");
  return name;
}

/// Other files with #pragma once in this unit that the compiler takes for this one.
std::vector<const SourceFile*> Walker::twins_once(const SourceFile& file) const {
  std::vector<const SourceFile*> twins;
  if (!file.has_twin) return twins;
  const std::uint64_t key = once_key(file);
  const FileStatus& mine = file.entry->status;
  for (std::size_t i = 0; i < once_keys_.size(); ++i) {
    if (once_keys_[i] != key || once_files_[i] == &file) continue;
    const SourceFile& other = *once_files_[i];
    const FileStatus& its = other.entry->status;
    const bool same = clang_ ? its.inode == mine.inode && its.device == mine.device
                             : its.size == mine.size && other.hash == file.hash;
    if (same) twins.push_back(&other);
  }
  return twins;
}

/// The compiler reads the file, be it to find its guard defined.
void Walker::opened(Resolution& resolution) {
  ClosureFile& listed = closure_->files[resolution.file->closure_index];
  listed.hash = resolution.file->hash;
  listed.entered = true;
}

/// The file's text is read under the resolution's name.
void Walker::name_walked(Resolution& resolution) {
  SourceFile& file = current(*resolution.file);
  ClosureFile& listed = closure_->files[file.closure_index];
  listed.hash = file.hash;
  const std::string_view path = resolution.text;
  const bool first = !file.entered_absolute && !file.entered_relative;
  if (first) {
    // Probes do not count: __FILE__ is the name by which it was entered.
    listed.spelled = path;
    listed.absolute = path.front() == '/';
    if (clang_) entered_from_.try_emplace(first_name_of(file), resolution.directory);
  }
  (path.front() == '/' ? file.entered_absolute : file.entered_relative) = true;
  // One #line can give one name: two absolute spellings are as mixed as an absolute and a relative one.
  // (Interned texts: where they are equal they are one.)
  if (unit_->profile->dialect.files != FileNaming::First && file.entered_absolute &&
      (file.entered_relative || listed.spelled.data() != path.data()))
    listed.mixed_spellings = true;
  set_file_state(file, {file.once, Certainty::Yes});
}

std::string Walker::location() const {
  if (frame_ == nullptr || frame_->resolution == nullptr) return unit_->source;
  return fmt::format("{}:{}", spelling(frame_->resolution->spelled), frame_->line);
}

}  // namespace pump::include_server
