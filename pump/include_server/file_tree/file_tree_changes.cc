// Applying what watches report, and checking what they cannot see.
//
// Order that makes an answer fresh: a directory is watched, then read; a file is watched, then read. An event
// is looked up under the directory's mutex, which a thread that is just reading an entry holds until the
// entry is published. Events for names nobody asked about end there, which is what makes a build's storm of
// object files cheap.
#include <xxhash.h>

#include <algorithm>

#include "pump/include_server/file_tree/file_tree_state.h"

namespace pump::include_server {

int FileTree::State::add_watch(const std::string& path, Target target) {
  const std::lock_guard lock(watches);
  const int watch = target.file != nullptr ? file_system.watch_file(path, target.file->status.device)
                                           : file_system.watch(path);
  if (watch >= 0) targets[watch].push_back(target);
  return watch;
}

int FileTree::State::watch_again(const std::string& path, bool file) {
  const std::lock_guard lock(watches);
  return file ? file_system.watch_file(path, 0) : file_system.watch(path);
}

void FileTree::State::drop_watch(int watch, Target target) {
  if (watch < 0) return;
  const std::lock_guard lock(watches);
  const auto found = targets.find(watch);
  if (found == targets.end()) return;
  std::vector<Target>& list = found.value();
  list.erase(std::remove(list.begin(), list.end(), target), list.end());
  if (!list.empty()) return;  // another path to the same directory, another name of the same file
  targets.erase(found);
  file_system.unwatch(watch);
}

std::vector<FileTree::State::Target> FileTree::State::targets_of(int watch) {
  const std::lock_guard lock(watches);
  const auto found = targets.find(watch);
  return found == targets.end() ? std::vector<Target>{} : found->second;
}

void FileTree::State::set_flags(Entry& entry, std::uint8_t mask, std::uint8_t value) {
  const std::lock_guard lock(flags);
  if (entry.changed_at.load() != 0) return;  // what older requests still see of it must not move under them
  const std::uint8_t before = entry.internal.flags.load();
  const auto after = static_cast<std::uint8_t>((before & ~mask) | (value & mask));
  entry.internal.flags.store(after, std::memory_order_release);
  if (before == 0 && after != 0) ++validating;
  if (before != 0 && after == 0) --validating;
}

void FileTree::State::mark_replaced(Entry& entry, std::uint8_t extra_flags) {
  const std::lock_guard lock(flags);
  const bool counted = entry.changed_at.exchange(kReplaced) == 0 && entry.internal.flags.load() != 0;
  entry.internal.flags.fetch_or(extra_flags);
  if (counted) --validating;
}

void FileTree::State::suspect(const Entry& entry) {
  const std::lock_guard lock(pending);
  suspects.push_back(const_cast<Entry*>(&entry));
  has_pending.store(true, std::memory_order_release);
}

bool FileTree::State::still_as(const Entry& entry, const Observation& seen) const {
  const FileStatus& a = entry.status;
  const FileStatus& b = seen.status;
  if (a.kind != b.kind) return false;
  switch (a.kind) {
    case EntryKind::Missing:
      return true;
    case EntryKind::Directory:
    case EntryKind::Other:  // times and sizes of these tell nothing that an include closure depends on
      return a.device == b.device && a.inode == b.inode && a.mode == b.mode && a.uid == b.uid &&
             a.gid == b.gid;
    case EntryKind::Symlink:
      return a.inode == b.inode && a.device == b.device && entry.link_target == seen.target;
    case EntryKind::File:
      return a == b;
  }
  return false;
}

Entry* FileTree::State::replace(Entry& old, Observation seen) {
  Directory& directory = *old.parent;
  const std::uint64_t made_by = generation.fetch_add(1) + 1;
  Entry* fresh = add_entry(directory, old.name, old.internal.hash, std::move(seen));
  fresh->internal.created_at = made_by;
  fresh->internal.previous = &old;
  directory.names_->table.replace(&old, fresh);
  mark_replaced(old, 0);
  if (old.directory != nullptr) {
    const std::lock_guard lock(pending);
    replaced_directories.push_back(old.directory);
    has_pending.store(true, std::memory_order_release);
  }
  release_content_watch(old);
  return fresh;
}

bool FileTree::State::revalidate(Entry& entry, bool force) {
  if (entry.parent == nullptr) return false;
  Directory::Names& names = *entry.parent->names_;
  const std::lock_guard lock(names.mutex);
  if (entry.changed_at.load() != 0) return false;
  Observation seen = observe(entry.path());
  if (!force && still_as(entry, seen)) return false;
  replace(entry, std::move(seen));
  return true;
}

// A file that somebody keeps open takes up to half a second to read: the directory's mutex, for which begin()
// waits on behalf of everybody, is not held meanwhile.
Entry* FileTree::State::validate(Entry* entry, std::uint64_t ticket) {
  Directory::Names& names = *entry->parent->names_;
  const Entry* read = nullptr;  // whose content was looked at, when the last ticket was `read_at`
  std::uint64_t read_at = 0;
  for (bool same_content = true;;) {
    Entry* newest = nullptr;
    {
      const std::lock_guard lock(names.mutex);
      newest = names.table.find(entry->name, entry->internal.hash);
      const std::uint8_t doubts = newest->internal.flags.load();
      if (doubts == 0 || newest->internal.validated_at.load() >= ticket) return newest;
      Observation seen = observe(newest->path());
      const bool doubtful = seen.doubtful;
      std::uint64_t now = seen.ticket;
      bool known = true;
      if (!still_as(*newest, seen) || (newest == read && !same_content)) {
        newest = replace(*newest, std::move(seen));
      } else {
        known = newest == read || (doubts & kUnsettled) == 0;
        if (newest == read) now = read_at;
        if (known && names.watch >= 0 && !names.dead)
          set_flags(*newest, kUnwatched, doubtful ? kUnwatched : 0);
      }
      if (known) {
        newest->internal.validated_at.store(now, std::memory_order_release);
        return newest;
      }
    }
    read = newest;
    read_at = tickets.load();
    same_content = content_unchanged(*newest);
  }
}

void FileTree::State::retire(Directory* top) {
  std::vector<Directory*> left{top};
  while (!left.empty()) {
    Directory* directory = left.back();
    left.pop_back();
    Directory::Names& names = *directory->names_;
    const std::lock_guard lock(names.mutex);
    if (names.dead) continue;
    names.dead = true;
    drop_watch(std::exchange(names.watch, -1), {directory, nullptr});
    names.table.for_each([&](Entry& entry) {
      mark_replaced(entry, kDead);
      release_content_watch(entry);
      if (entry.directory != nullptr) left.push_back(entry.directory);
    });
  }
}

void FileTree::State::renew_root() {
  // "/" has no entry that could be replaced: look at everything, and watch it anew.
  {
    const std::lock_guard lock(root.names_->mutex);
    drop_watch(std::exchange(root.names_->watch, -1), {&root, nullptr});
    root.names_->watch = add_watch(root.path_, {&root, nullptr});
    if (root.names_->watch < 0)
      root.names_->table.for_each([&](Entry& entry) { set_flags(entry, kUnwatched, kUnwatched); });
  }
  revalidate_everything();
}

void FileTree::State::revalidate_directory(Directory& directory, std::vector<Directory*>& below) {
  Directory::Names& names = *directory.names_;
  std::vector<Entry*> entries;
  bool lost = false;
  {
    const std::lock_guard lock(names.mutex);
    if (names.dead) return;
    // The same watch again proves that it is the same directory, which a recycled inode number does not.
    if (names.watch >= 0) {
      lost = watch_again(directory.path_, false) != names.watch;
    }
    names.table.for_each([&](Entry& entry) { entries.push_back(&entry); });
  }
  if (lost && directory.self_ != nullptr) {
    revalidate(*directory.self_, true);
    return;
  }
  for (Entry* entry : entries) {
    if (!revalidate(*entry, content_needs_reading(*entry)) && entry->directory != nullptr)
      below.push_back(entry->directory);
  }
}

void FileTree::State::revalidate_everything() {
  std::vector<Directory*> left{&root};
  while (!left.empty()) {
    Directory* directory = left.back();
    left.pop_back();
    revalidate_directory(*directory, left);
  }
}

void FileTree::State::collect(const WatchEvent& event, std::vector<std::pair<Entry*, bool>>& entries) {
  for (const Target& target : targets_of(event.watch)) {
    if (target.file != nullptr) {
      entries.emplace_back(target.file, event.content || event.gone);
    } else if (!event.name.empty()) {
      Directory::Names& names = *target.directory->names_;
      const std::uint64_t hash = XXH3_64bits(event.name.data(), event.name.size());
      const std::lock_guard lock(names.mutex);
      Entry* entry = names.table.find(event.name, hash);
      if (entry == nullptr) continue;
      const bool loaded = entry->internal.content.load() != nullptr;
      entries.emplace_back(entry, event.content && loaded);
    } else if (target.directory == &root) {
      renew_root();
    } else {
      entries.emplace_back(target.directory->self_, event.gone);
    }
  }
}

void FileTree::State::apply(std::vector<WatchEvent>& reported) {
  std::vector<std::pair<Entry*, bool>> entries;
  bool overflow = false;
  for (const WatchEvent& event : reported) {
    overflow |= event.overflow;
    if (!event.overflow) collect(event, entries);
  }
  {
    const std::lock_guard lock(pending);
    for (Entry* entry : suspects) entries.emplace_back(entry, true);
    suspects.clear();
  }
  // One look per entry, forced if any event asks for it.
  std::sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) {
    return a.first != b.first ? std::less<>()(a.first, b.first) : a.second > b.second;
  });
  entries.erase(std::unique(entries.begin(), entries.end(),
                            [](const auto& a, const auto& b) { return a.first == b.first; }),
                entries.end());
  for (const auto& [entry, force] : entries) revalidate(*entry, force);
  if (overflow) revalidate_everything();
  std::vector<Directory*> dead;
  {
    const std::lock_guard lock(pending);
    dead.swap(replaced_directories);
    has_pending.store(!suspects.empty(), std::memory_order_release);
  }
  for (Directory* directory : dead) retire(directory);
}

}  // namespace pump::include_server
