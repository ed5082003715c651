// Includes: from a directive to the file it enters, and into the closure.
#include <fmt/format.h>

#include <algorithm>

#include "pump/include_server/walker.h"

namespace pump::include_server {
namespace {

/// Targets of one computed include; more are left to the path-insensitive walk.
constexpr std::size_t kMostTargets = 16;

}  // namespace

const Scan* Walker::scan_of(SourceFile& file) {
  const std::uint32_t bits = mode_.bits() + 1;
  if (file.scan != nullptr && file.scan_mode == bits) return file.scan;
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
  file.scan_mode = bits;
  for (const auto& [mode, known] : file.scans)
    if (mode == bits) return file.scan = known.get();
  Error error;
  auto scan = scans_.impl().get(file.hash, mode_, [&]() -> std::shared_ptr<const std::string> {
    Expected<FileVersion> version = tree_.load(*file.entry);
    if (version) return version->bytes;
    error = version.error();
    return nullptr;
  });
  if (!scan) return failed(error);
  file.scan = scan.get();
  file.scans.emplace_back(bits, std::move(scan));
  return file.scan;
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
    file.entered_absolute = file.entered_relative = false;
  }
  return file;
}

/// gcc takes files of equal content, size and time (in seconds) for one, clang those of equal inode.
std::uint64_t Walker::once_key(const SourceFile& file) const {
  const FileStatus& status = file.entry->status;
  return unit_->profile->clang ? status.inode : static_cast<std::uint64_t>(status.mtime_ns / 1'000'000'000);
}

void Walker::set_file_state(SourceFile& file, FileState state) {
  current(file);
  if (file.once == state.once && file.entered == state.entered) return;
  if (branches_ != 0) file_trail_.emplace_back(&file, FileState{file.once, file.entered});
  if (state.once != Certainty::No && file.once == Certainty::No &&
      std::find(once_files_.begin(), once_files_.end(), &file) == once_files_.end()) {
    once_files_.push_back(&file);
    once_keys_.push_back(once_key(file));
    if (file.closure_index != ~0U) closure_->files[file.closure_index].pragma_once = true;
  }
  file.once = state.once;
  file.entered = state.entered;
}

void Walker::record(Resolution& resolution, bool entered) {
  recorder_.touch(resolution, entered);
  if (resolution.recorded != lookup_.epoch()) {
    resolution.recorded = lookup_.epoch();
    const std::uint32_t* id = resolution.ids.data();
    for (const Entry* entry : resolution.trace.consulted)
      if (lookup_.first_use(*id++)) closure_->consulted.push_back(entry);
    for (const Entry* link : resolution.trace.links)
      if (lookup_.first_use(*id++)) closure_->links.push_back(link);
    for (const Directory* directory : resolution.trace.traversed)
      if (lookup_.first_use(*id++)) closure_->traversed.push_back(directory);
  }
  if (resolution.file == nullptr) return;
  SourceFile& file = current(*resolution.file);
  if (file.closure_index == ~0U) {
    file.closure_index = static_cast<std::uint32_t>(closure_->files.size());
    ClosureFile& added = closure_->files.emplace_back();
    added.entry = file.entry;
    added.spelled = spelling(resolution.spelled);
    added.absolute = !added.spelled.empty() && added.spelled.front() == '/';
    if (file.hashed) added.hash = file.hash;
  }
  ClosureFile& listed = closure_->files[file.closure_index];
  if (entered) listed.entered = true;
  if (unit_->profile->clang) {
    const auto [first, inserted] = directory_names_.try_emplace(file.entry->parent, resolution.directory);
    if (!inserted && first->second != resolution.directory) recorder_.spoil();  // it depends on who was first
  }
  // clang names a file by its last lookup, probes included: the copy can carry one kind of name only.
  if (unit_->profile->clang && spelling(resolution.spelled) != listed.spelled) {
    const bool absolute = spelling(resolution.spelled).starts_with('/');
    if (absolute != listed.absolute || (absolute && being_read(file))) listed.mixed_spellings = true;
  }
}

/// The rest of its text is read under the new name, if the compiler is clang.
bool Walker::being_read(const SourceFile& file) {
  for (const Frame* frame = frame_; frame != nullptr; frame = frame->includer)
    if (frame->scan != nullptr && frame->resolution->file == &file) {
      recorder_.spoil();  // it depends on who includes
      return true;
    }
  return false;
}

void Walker::give_up(GiveUp reason, std::string detail) {
  if (gave_up()) return;
  closure_->give_up = reason;
  closure_->detail = std::move(detail);
}

void Walker::record_extra_inputs() {
  for (const std::string& path : unit_->extra_inputs) record(lookup_.path(path), false);
}

/// Looked up from the working directory, then like a quoted include of the source.
Resolution& Walker::forced(const ForcedFile& file) {
  static const Symbol kHere = intern(".");
  Resolution& resolution = lookup_.include(kHere, intern(file.name), false);
  record(resolution, false);
  if (!resolution.found) missing(resolution, intern(file.name));
  return resolution;
}

void Walker::include(const Directive& directive) {
  if ((directive.flags & kComputed) == 0) {
    include_name(directive, directive.name, (directive.flags & kAngled) != 0);
    return;
  }
  const std::vector<Token>& tokens = frame_->scan->expressions[directive.slot].get(*frame_->scan);
  std::set<HeaderName> targets;
  unsigned tries = 64;
  if (!header_names(expander_, macros_, unit_->profile->clang, tokens, targets, tries) ||
      targets.size() > kMostTargets) {
    incomplete_ = true;
    return;
  }
  if (targets.empty()) return;  // an error for the compiler
  // Each in a branch of its own where there are several.
  auto remaining = targets.begin();
  const std::function<void()> walk_next = [&] {
    const HeaderName target = *remaining++;
    if (remaining == targets.end()) {
      include_name(directive, target.first, target.second);
    } else {
      either([&] { include_name(directive, target.first, target.second); }, walk_next);
    }
  };
  walk_next();
}

/// distccd does not rewrite such a name, and the copy of the file in which it stands cannot either.
void Walker::named_by_macro(const Resolution& resolution, Symbol name) {
  if (resolution.file == nullptr || !spelling(name).starts_with('/')) return;
  recorder_.spoil();
  closure_->files[current(*resolution.file).closure_index].named_absolutely = true;
}

Resolution& Walker::resolve(const Resolution& includer, bool main_file, bool system, Symbol name, bool angled,
                            bool next) {
  const std::string_view text = spelling(name);
  const bool absolute = !text.empty() && text.front() == '/';
  if (next && !main_file && !absolute) {
    if (includer.found_at >= 0) return lookup_.chain(static_cast<std::size_t>(includer.found_at) + 1, name);
    if (includer.found_at == Resolution::kBeside) {
      if (!unit_->profile->clang) return lookup_.chain(0, name);
      // clang looks for the includer itself along the chain and goes on behind it.
      const std::size_t size = unit_->search->directories.size();
      for (std::size_t start = 0; start < size;) {
        Resolution& found = lookup_.chain(start, name);
        record(found, false);
        if (!found.found) break;
        start = static_cast<std::size_t>(found.found_at) + 1;
        if (found.file == includer.file) return lookup_.chain(start, name);
      }
    }
  }
  return lookup_.include(name_of_directory(includer), name, angled, system);
}

/// As #include "..." in that file looks from: clang knows a directory by the first name it met it by.
Symbol Walker::name_of_directory(const Resolution& file) const {
  if (!unit_->profile->clang || file.file == nullptr) return file.directory;
  const auto first = directory_names_.find(file.file->entry->parent);
  return first == directory_names_.end() ? file.directory : first->second;
}

void Walker::include_name(const Directive& directive, Symbol name, bool angled) {
  const bool next = directive.kind == DirectiveKind::IncludeNext;
  Resolution& resolution =
      resolve(*frame_->resolution, frame_->level == 0, frame_->system_header, name, angled, next);
  record(resolution, false);
  if ((directive.flags & kComputed) != 0) named_by_macro(resolution, name);
  if (!resolution.found) {
    missing(resolution, name);
    return;
  }
  if (directive.kind == DirectiveKind::Embed || directive.kind == DirectiveKind::Dependency) return;
  enter(resolution, directive.kind == DirectiveKind::Import);
}

void Walker::missing(const Resolution& resolution, Symbol name) {
  if (resolution.only_precompiled) {
    give_up(GiveUp::CannotTravel, fmt::format("{}: {} exists only precompiled", location(), spelling(name)));
    return;
  }
  fatal();
}

/// The compiler stops here. In an unknown branch that means that the branch is not taken.
void Walker::fatal() {
  recorder_.spoil();
  if (branches_ != 0) dead_ = true;
}

/// Whether the file's text is skipped because it was included before.
Certainty Walker::already_seen(SourceFile& file, bool import) {
  Certainty seen = Certainty::No;
  const auto consider = [&seen](Certainty once, Certainty entered) {
    if (once == Certainty::No || entered == Certainty::No) return;
    if (once == Certainty::Yes && entered == Certainty::Yes) {
      seen = Certainty::Yes;
    } else if (seen == Certainty::No) {
      seen = Certainty::Maybe;
    }
  };
  recorder_.read_file(file, import || file.once != Certainty::No);
  consider(import ? Certainty::Yes : file.once, file.entered);
  if (seen == Certainty::Yes) return seen;
  if (once_files_.empty() || scan_of(file) == nullptr) return seen;
  for (const SourceFile* twin : twins_once(file)) {
    recorder_.spoil();  // the answer depends on more than this file's state
    consider(twin->once, twin->entered);
  }
  return seen;
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
    const bool same = unit_->profile->clang
                          ? its.inode == mine.inode && its.device == mine.device
                          : its.size == mine.size && other.hash == file.hash;
    if (same) twins.push_back(&other);
  }
  return twins;
}

void Walker::enter(Resolution& resolution, bool import) {
  if (resolution.file == nullptr || stopped()) return;
  SourceFile& file = current(*resolution.file);
  recorder_.reach_level(frame_->level + 1);
  if (frame_->level >= budget_.nesting) {
    fatal();
    return;
  }
  const Certainty seen = already_seen(file, import);
  if (import) set_file_state(file, {Certainty::Yes, file.entered});
  if (seen == Certainty::Yes) return;
  const Scan* scan = scan_of(file);
  if (scan == nullptr) return;
  opened(resolution);
  if (scan->guard != 0) {
    const MacroState guard = macros_.get(scan->guard);
    const bool skipped = guard.certain() ? !guard.undefined() : !guard.alternatives().may_be_undefined();
    if (skipped) return;
  }
  if (seen == Certainty::Maybe) {
    either([&] { walk_header(resolution, *scan); }, [] {});
  } else {
    walk_header(resolution, *scan);
  }
}

/// The compiler reads the file, be it to find its guard defined.
void Walker::opened(Resolution& resolution) {
  recorder_.touch(resolution, true);
  ClosureFile& listed = closure_->files[resolution.file->closure_index];
  listed.hash = resolution.file->hash;
  listed.entered = true;
}

/// The file's text is read under the resolution's name.
void Walker::name_walked(Resolution& resolution) {
  recorder_.walk(resolution);
  SourceFile& file = current(*resolution.file);
  ClosureFile& listed = closure_->files[file.closure_index];
  listed.hash = file.hash;
  const std::string_view path = spelling(resolution.spelled);
  if (!file.entered_absolute && !file.entered_relative) {
    // Probes do not count: __FILE__ is the name by which it was entered.
    listed.spelled = path;
    listed.absolute = path.front() == '/';
  }
  (path.front() == '/' ? file.entered_absolute : file.entered_relative) = true;
  // One #line can give one name: two absolute spellings are as mixed as an absolute and a relative one.
  if (file.entered_absolute && (file.entered_relative || listed.spelled != path)) listed.mixed_spellings = true;
  set_file_state(file, {file.once, Certainty::Yes});
}

void Walker::walk_file(Resolution& resolution, const Scan& scan) {
  name_walked(resolution);
  Frame* const includer = frame_;
  Frame frame{includer, &scan, &resolution, includer == nullptr ? 0 : includer->level + 1};
  frame.system_header = resolution.system_headers;
  frame_ = &frame;
  walk(0, static_cast<DirectiveIndex>(scan.directives.size()));
  frame_ = includer;
}

/// The assembler looks in the working directory, then along -I.
Resolution& Walker::assembler_file(Symbol name) {
  Resolution& here = lookup_.path(spelling(name));
  record(here, false);
  return here.found ? here : lookup_.chain(unit_->search->bracket_start, name);
}

void Walker::assembler(const Directive& directive) {
  if (directive.name == 0) {
    give_up(GiveUp::CannotTravel, location() + ": .incbin of a computed name");
    return;
  }
  record(assembler_file(directive.name), false);
}

std::string Walker::location() const {
  if (frame_ == nullptr || frame_->resolution == nullptr) return unit_->source;
  return fmt::format("{}:{}", spelling(frame_->resolution->spelled), frame_->line);
}

}  // namespace pump::include_server
