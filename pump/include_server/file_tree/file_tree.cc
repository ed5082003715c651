// Walks, and views of requests.
//
// Decision: versions instead of a reader/writer lock. The first design let requests share a lock and begin()
// take it exclusively to apply changes. Then one slow request (a macro bomb may take seconds) stalls every
// other one as soon as any known file is edited. With immutable entries a change adds a version; requests
// under way go on with the versions they may still use (`version_for`), so a request never sees one name
// change while it runs. The price is some 300 bytes per change of a known name, kept until the server ends.
//
// Rejected: freeing old versions (epochs or reference counts): dependants hold plain pointers to them, and a
// pointer that is always valid is what makes unchanged_since() one comparison per entry.
#include "pump/include_server/file_tree/file_tree.h"

#include <xxhash.h>

#include <algorithm>
#include <array>
#include <climits>

#include "pump/include_server/file_tree/file_tree_state.h"

namespace pump::include_server {

namespace {

/// The request that runs on this thread.
struct ThreadView {
  std::uint64_t tree = 0;
  std::uint64_t ticket = 0;
  std::uint64_t generation = 0;
};
thread_local ThreadView thread_view;  // NOLINT: one request per thread at a time

std::atomic<std::uint64_t> next_tree_id{1};

std::string child_path(const Directory& directory, std::string_view name) {
  std::string path;
  path.reserve(directory.path().size() + 1 + name.size());
  path = directory.path();
  if (path.size() != 1) path += '/';
  path += name;
  return path;
}

}  // namespace

std::string Entry::path() const {
  if (parent == nullptr) return kind == EntryKind::Directory ? "/" : "";
  return child_path(*parent, name);
}

FileTree::State::State(FileSystem& fs) : file_system(fs), id(next_tree_id.fetch_add(1)) {
  root.path_ = "/";
  root.parent_ = &root;
  root.names_ = std::make_shared<Directory::Names>();
  root_entry.kind = EntryKind::Directory;
  root_entry.directory = &root;
}

FileTree::State::View FileTree::State::view() const {
  if (thread_view.tree == id) return {thread_view.ticket, thread_view.generation};
  return {tickets.load(), kReplaced};
}

FileTree::State::Observation FileTree::State::observe(const std::string& path) {
  Observation seen;
  seen.ticket = tickets.load();
  for (int attempt = 0; attempt < 4; ++attempt) {
    auto status = file_system.status(path);
    seen.doubtful = !status;
    seen.status = status ? *status : FileStatus{};
    if (seen.status.kind != EntryKind::Symlink) return seen;
    auto target = file_system.read_link(path);
    if (target && !target->empty()) {
      seen.target = *std::move(target);
      return seen;
    }
  }
  // It keeps changing between the two calls: no answer is right for long, so ask again at each request.
  return {FileStatus{}, {}, true, seen.ticket};
}

Entry* FileTree::State::add_entry(Directory& directory, std::string_view name, std::uint64_t hash,
                                  Observation seen) {
  Entry& entry = directory.names_->entries.emplace_back();
  entry.parent = &directory;
  entry.name = name;
  entry.kind = seen.status.kind;
  entry.status = seen.status;
  entry.link_target = std::move(seen.target);
  entry.internal.hash = hash;
  entry.internal.validated_at = seen.ticket;
  if (directory.names_->dead) {
    entry.internal.flags = kDead;
    entry.changed_at = kReplaced;
  } else if (directory.names_->watch < 0 || seen.doubtful) {
    set_flags(entry, kUnwatched, kUnwatched);
  }
  if (entry.kind == EntryKind::Directory) {
    const std::lock_guard lock(store);
    Directory& node = directories.emplace_back();
    node.path_ = child_path(directory, name);
    node.parent_ = &directory;
    node.self_ = &entry;
    node.names_ = std::make_shared<Directory::Names>();
    entry.directory = &node;
  }
  return &entry;
}

void FileTree::State::ensure_watched(Directory& directory) {
  Directory::Names& names = *directory.names_;
  if (names.watch_tried || names.dead) return;
  names.watch_tried = true;
  names.watch = add_watch(directory.path_, {&directory, nullptr});
}

Entry* FileTree::State::create(Directory& directory, std::string_view name, std::uint64_t hash) {
  // Held from before the look to the publication: apply() takes it for every event, so that a change between
  // the two finds the entry.
  const std::lock_guard lock(directory.names_->mutex);
  if (Entry* entry = directory.names_->table.find(name, hash)) return entry;
  ensure_watched(directory);
  Observation seen;
  if (name.find('\0') == std::string_view::npos) seen = observe(child_path(directory, name));
  Entry* entry = add_entry(directory, name, hash, std::move(seen));
  directory.names_->table.insert(entry);
  return entry;
}

Entry* FileTree::State::version_for(Entry* newest, View request) {
  Entry* entry = newest;
  while (entry->internal.created_at > request.generation) {
    Entry* older = entry->internal.previous;
    if (older == nullptr) break;
    // An older version that needs validation counts only if this request, or a later one, has seen it in
    // force.
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

Entry* FileTree::State::lookup(Directory& directory, std::string_view name) {
  const std::uint64_t hash = XXH3_64bits(name.data(), name.size());
  Entry* entry = directory.names_->table.find(name, hash);
  if (entry == nullptr) entry = create(directory, name, hash);
  if (entry->internal.created_at == 0 && entry->internal.flags.load(std::memory_order_acquire) == 0)
    return entry;
  return version_for(entry, view());
}

FileTree::FileTree(FileSystem& file_system) : state_(std::make_unique<State>(file_system)) {}
FileTree::~FileTree() = default;

FileTree::Snapshot FileTree::begin() {
  State& state = *state_;
  const std::lock_guard lock(state.changes);
  state.events.clear();
  // What was drained before memory ran out is lost: then everything is looked at again.
  if (state.events_lost) state.events.emplace_back().overflow = true;
  state.events_lost = true;
  state.file_system.drain(state.events);
  if (!state.events.empty() || state.has_pending.load(std::memory_order_acquire)) state.apply(state.events);
  state.events_lost = false;
  const std::uint64_t ticket = state.tickets.fetch_add(1) + 1;
  const std::uint64_t generation = state.generation.load();
  thread_view = {state.id, ticket, generation};
  return Snapshot(state.id, generation);
}

FileTree::Snapshot::~Snapshot() {
  if (tree_id_ != 0 && thread_view.tree == tree_id_) thread_view = {};
}

const Entry* FileTree::walk(Directory* base, std::string_view path, Trace& trace) {
  State& state = *state_;
  if (path.empty() || path.size() >= PATH_MAX) return &state.nowhere;
  Directory* at = path.front() == '/' || base == nullptr ? &state.root : base;
  const Entry* result = at == &state.root ? &state.root_entry : at->self_;
  const Directory* entered = nullptr;  // by the component before: walked through if one follows
  std::array<std::string_view, kMostLinks + 1> texts{
      path};  // the path, and inside it the links being followed
  std::size_t depth = 0;
  unsigned links = 0;
  for (;;) {
    std::string_view& text = texts[depth];
    const std::size_t start = text.find_first_not_of('/');
    if (start == std::string_view::npos) {
      if (depth == 0) return result;
      --depth;
      continue;
    }
    const std::string_view name = text.substr(start, text.find('/', start) - start);
    text.remove_prefix(start + name.size());
    // What a link's text leads through does not matter: on the server the link leads to its real target.
    if (entered != nullptr && depth == 0) trace.traversed.push_back(entered);
    entered = nullptr;
    if (name == "." || name == "..") {
      if (name.size() == 2 && at == &state.root && depth == 0) trace.traversed.push_back(at);
      if (name.size() == 2) at = at->parent_;
      result = at == &state.root ? &state.root_entry : at->self_;
      continue;
    }
    if (name.size() > NAME_MAX) return &state.nowhere;
    const Entry* entry = state.lookup(*at, name);
    trace.consulted.push_back(entry);
    if (entry->kind == EntryKind::Directory) {
      at = entry->directory;
      entered = at;
      result = entry;
    } else if (entry->kind == EntryKind::Symlink) {
      if (++links > kMostLinks) return &state.nowhere;
      trace.links.push_back(entry);
      texts[++depth] = entry->link_target;
      if (entry->link_target.front() == '/') {
        at = &state.root;
        result = &state.root_entry;
      }
    } else {
      // Nothing may follow a file, not even a slash.
      for (std::size_t i = 0; i <= depth; ++i)
        if (!texts[i].empty()) return entry->kind == EntryKind::Missing ? entry : &state.nowhere;
      return entry;
    }
  }
}

Directory* FileTree::directory(Directory* base, std::string_view path, Trace& trace) {
  const Entry* entry = walk(base, path, trace);
  return entry->kind == EntryKind::Directory ? entry->directory : nullptr;
}

SharedEntries FileTree::keep(std::vector<const Entry*> entries) {
  std::sort(entries.begin(), entries.end());
  entries.erase(std::unique(entries.begin(), entries.end()), entries.end());
  const std::lock_guard lock(state_->keeping);
  return &*state_->kept.insert(entries).first;  // a copy where it is new, without spare room
}

std::uint64_t FileTree::generation() const {
  const std::uint64_t seen = state_->view().generation;
  return seen == kReplaced ? 0 : seen;  // without a view nothing is known to be unchanged
}

bool FileTree::quiet_since(std::uint64_t generation) const {
  return state_->generation.load() <= generation;
}

bool FileTree::all_unchanged_since(std::uint64_t generation) const {
  // In this order: an entry leaves `validating` only after its replacement raised the generation.
  return state_->validating.load() == 0 && quiet_since(generation);
}

bool FileTree::needs_validation(const std::vector<const Entry*>& consulted) {
  for (const Entry* entry : consulted)
    if (entry->internal.flags.load(std::memory_order_acquire) != 0) return true;
  return false;
}

bool FileTree::unchanged_since(const std::vector<const Entry*>& consulted, std::uint64_t generation) {
  State& state = *state_;
  if (all_unchanged_since(generation)) return true;
  const std::uint64_t ticket = state.view().ticket;
  for (const Entry* entry : consulted) {
    if (entry->changed_at.load(std::memory_order_acquire) > generation) return false;
    if (entry->internal.flags.load(std::memory_order_acquire) == 0) continue;
    if (entry->internal.validated_at.load(std::memory_order_acquire) >= ticket) continue;
    if (state.validate(const_cast<Entry*>(entry), ticket) != entry) return false;
  }
  return true;
}

void FileTree::trim() {
  state_->trim(0);
}

}  // namespace pump::include_server
