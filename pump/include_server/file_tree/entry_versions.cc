#include "pump/include_server/file_tree/entry_versions.h"

#include <xxhash.h>

#include <cerrno>
#include <utility>

namespace pump::include_server {

Directory::Directory(std::string path, Directory* parent, Entry* self)
    : path_(std::move(path)),
      parent_(parent == nullptr ? this : parent),
      self_(self),
      names_(std::make_unique<Names>()) {
  names_->self = self;
}
Directory::~Directory() = default;

std::string Directory::path_of(std::string_view name) const {
  std::string path;
  path.reserve(path_.size() + 1 + name.size());
  path = path_;
  if (path.size() != 1) path += '/';
  path += name;
  return path;
}

std::string Entry::path() const {
  if (parent == nullptr) return kind == EntryKind::Directory ? "/" : "";
  return parent->path_of(name);
}

EntryVersions::EntryVersions(FileSystem& file_system, WatchTable& watches, EntryFlags& flags,
                             PendingChecks& pending, ContentStore& contents, TreeClock& clock)
    : file_system_(file_system),
      watches_(watches),
      flags_(flags),
      pending_(pending),
      contents_(contents),
      clock_(clock),
      root_("/", nullptr, nullptr) {
  root_entry_.kind = EntryKind::Directory;
  root_entry_.directory = &root_;
  circular_.status.error = ELOOP;
}

EntryVersions::Observation EntryVersions::observe(const std::string& path) {
  Observation seen;
  seen.ticket = clock_.tickets.load();
  for (int attempt = 0; attempt < 4; ++attempt) {
    auto status = file_system_.status(path);
    seen.doubtful = !status;
    seen.status = status ? *status : FileStatus{};
    if (!status) seen.status.error = status.error().code;
    if (seen.status.kind != EntryKind::Symlink) return seen;
    auto target = file_system_.read_link(path);
    if (target && !target->empty()) {
      seen.target = *std::move(target);
      return seen;
    }
  }
  // It keeps changing between the two calls: it is checked again at each request.
  return {FileStatus{}, {}, true, seen.ticket};
}

Entry* EntryVersions::add_entry(Directory& directory, std::string_view name, std::uint64_t hash,
                                Observation seen) {
  Entry& entry = directory.names().entries.emplace_back();
  entry.parent = &directory;
  entry.name = name;
  entry.kind = seen.status.kind;
  entry.status = seen.status;
  entry.link_target = std::move(seen.target);
  entry.internal.hash = hash;
  entry.internal.validated_at = seen.ticket;
  if (directory.names().dead) {
    entry.internal.flags = kDead;
    entry.changed_at = kReplaced;
  } else if (directory.names().watch < 0 || seen.doubtful) {
    flags_.set(entry, kUnwatched, kUnwatched);
  }
  if (entry.kind == EntryKind::Directory) {
    const std::lock_guard lock(mutex_);
    entry.directory = &directories_.emplace_back(directory.path_of(name), &directory, &entry);
  }
  return &entry;
}

void EntryVersions::ensure_watched(Directory& directory) {
  Directory::Names& names = directory.names();
  if (names.watch_tried || names.dead) return;
  names.watch_tried = true;
  names.watch = watches_.add(directory.path(), {&directory, nullptr});
}

Entry* EntryVersions::create(Directory& directory, std::string_view name, std::uint64_t hash) {
  // Held until the entry is in the table (directory_names.h says why).
  const std::lock_guard lock(directory.names().mutex);
  if (Entry* entry = directory.names().table.find(name, hash)) return entry;
  ensure_watched(directory);
  Observation seen;
  if (name.find('\0') == std::string_view::npos) seen = observe(directory.path_of(name));
  Entry* entry = add_entry(directory, name, hash, std::move(seen));
  directory.names().table.insert(entry);
  return entry;
}

Entry* EntryVersions::version_for(Entry* newest, TreeView request) {
  Entry* entry = newest;
  while (entry->internal.created_at > request.generation) {
    Entry* older = entry->internal.previous;
    if (older == nullptr) break;
    // An older version that needs validation counts only if this request, or a later one, found it in force.
    if (older->internal.flags.load(std::memory_order_acquire) != 0 &&
        older->internal.validated_at.load(std::memory_order_acquire) < request.ticket)
      break;
    entry = older;
  }
  if (entry->internal.flags.load(std::memory_order_acquire) != 0 &&
      entry->internal.validated_at.load(std::memory_order_acquire) < request.ticket)
    return validate(entry, request.ticket);
  return entry;
}

Entry* EntryVersions::lookup(Directory& directory, std::string_view name, TreeView request) {
  const std::uint64_t hash = XXH3_64bits(name.data(), name.size());
  Entry* entry = directory.names().table.find(name, hash);
  if (entry == nullptr) entry = create(directory, name, hash);
  if (entry->internal.created_at == 0 && entry->internal.flags.load(std::memory_order_acquire) == 0)
    return entry;
  return version_for(entry, request);
}

bool EntryVersions::same(const Entry& entry, const Observation& seen) {
  const FileStatus& a = entry.status;
  const FileStatus& b = seen.status;
  if (a.kind != b.kind) return false;
  switch (a.kind) {
    case EntryKind::Missing:
      return true;
    case EntryKind::Directory:
    case EntryKind::Other:  // no include closure depends on their times and sizes
      return a.device == b.device && a.inode == b.inode && a.mode == b.mode && a.uid == b.uid &&
             a.gid == b.gid;
    case EntryKind::Symlink:
      return a.inode == b.inode && a.device == b.device && entry.link_target == seen.target;
    case EntryKind::File:
      return a == b;
  }
  return false;
}

Entry* EntryVersions::replace(Entry& old, Observation seen) {
  Directory& directory = *old.parent;
  const std::uint64_t made_by = clock_.generation.fetch_add(1) + 1;
  Entry* fresh = add_entry(directory, old.name, old.internal.hash, std::move(seen));
  fresh->internal.created_at = made_by;
  fresh->internal.previous = &old;
  directory.names().table.replace(&old, fresh);
  flags_.mark_replaced(old);
  if (old.directory != nullptr) pending_.add_replaced(*old.directory);
  contents_.release_watch(old);
  return fresh;
}

bool EntryVersions::revalidate(Entry& entry, bool force) {
  if (entry.parent == nullptr) return false;
  Directory::Names& names = entry.parent->names();
  const std::lock_guard lock(names.mutex);
  if (entry.changed_at.load() != 0) return false;
  Observation seen = observe(entry.path());
  if (!force && same(entry, seen)) return false;
  replace(entry, std::move(seen));
  return true;
}

// A file that a process keeps open for writing takes up to half a second to read. The directory's mutex is
// not held meanwhile: begin() needs it, and all requests would wait.
Entry* EntryVersions::validate(Entry* entry, std::uint64_t ticket) {
  Directory::Names& names = entry->parent->names();
  const Entry* read = nullptr;  // the version whose content was compared last, with the result `same_content`
  bool same_content = true;
  std::uint64_t read_at = 0;  // the last ticket before that
  for (;;) {
    Entry* newest = nullptr;
    {
      const std::lock_guard lock(names.mutex);
      newest = names.table.find(entry->name, entry->internal.hash);
      const std::uint8_t flags = newest->internal.flags.load();
      if (flags == 0 || newest->internal.validated_at.load() >= ticket) return newest;
      Observation seen = observe(newest->path());
      const bool doubtful = seen.doubtful;
      std::uint64_t validated_at = seen.ticket;
      bool done = true;
      if (!same(*newest, seen) || (newest == read && !same_content)) {
        newest = replace(*newest, std::move(seen));
      } else {
        done = newest == read || (flags & kUnsettled) == 0;
        if (newest == read) validated_at = read_at;
        if (done && names.watch >= 0 && !names.dead)
          flags_.set(*newest, kUnwatched, doubtful ? kUnwatched : 0);
      }
      if (done) {
        newest->internal.validated_at.store(validated_at, std::memory_order_release);
        return newest;
      }
    }
    read = newest;
    read_at = clock_.tickets.load();
    same_content = contents_.is_unchanged(*newest);
  }
}

void EntryVersions::retire(Directory& top) {
  std::vector<Directory*> left{&top};
  while (!left.empty()) {
    Directory* directory = left.back();
    left.pop_back();
    Directory::Names& names = directory->names();
    const std::lock_guard lock(names.mutex);
    if (names.dead) continue;
    names.dead = true;
    watches_.drop(std::exchange(names.watch, -1), {directory, nullptr});
    names.table.for_each([&](Entry& entry) {
      flags_.mark_replaced(entry, kDead);
      contents_.release_watch(entry);
      if (entry.directory != nullptr) left.push_back(entry.directory);
    });
  }
}

void EntryVersions::rewatch_root() {
  Directory::Names& names = root_.names();
  const std::lock_guard lock(names.mutex);
  watches_.drop(std::exchange(names.watch, -1), {&root_, nullptr});
  names.watch = watches_.add(root_.path(), {&root_, nullptr});
  if (names.watch < 0) names.table.for_each([&](Entry& entry) { flags_.set(entry, kUnwatched, kUnwatched); });
}

}  // namespace pump::include_server
