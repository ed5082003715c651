#include "pump/include_server/file_tree/file_tree.h"

#include <xxhash.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <climits>
#include <mutex>
#include <unordered_set>

#include "pump/include_server/file_tree/change_applier.h"

namespace pump::include_server {

namespace {

/// The view of this thread's Snapshot.
struct ThreadView {
  std::uint64_t tree_id = 0;  ///< 0: no Snapshot
  TreeView view{};
};
thread_local ThreadView thread_view;  // NOLINT: one request per thread at a time

std::atomic<std::uint64_t> next_tree_id{1};

struct HashOfEntries {
  std::size_t operator()(const std::vector<const Entry*>& entries) const {
    return XXH3_64bits(entries.data(), entries.size() * sizeof entries[0]);
  }
};

}  // namespace

struct FileTree::State {
  explicit State(FileSystem& file_system)
      : watches(file_system),
        contents(file_system, watches, flags, pending, clock),
        versions(file_system, watches, flags, pending, contents, clock),
        changes(file_system, watches, pending, contents, versions, clock) {}

  [[nodiscard]] TreeView view() const {
    if (thread_view.tree_id == id) return thread_view.view;
    return {clock.tickets.load(), kReplaced};
  }

  const std::uint64_t id = next_tree_id.fetch_add(1);
  TreeClock clock;
  EntryFlags flags;
  PendingChecks pending;
  WatchTable watches;
  ContentStore contents;
  EntryVersions versions;
  ChangeApplier changes;

  std::mutex keeping;  ///< a leaf; guards `kept`
  std::unordered_set<std::vector<const Entry*>, HashOfEntries> kept;
};

FileTree::FileTree(FileSystem& file_system) : state_(std::make_unique<State>(file_system)) {}
FileTree::~FileTree() = default;

FileTree::Snapshot FileTree::begin() {
  const TreeView view = state_->changes.apply_reported();
  thread_view = {state_->id, view};
  return Snapshot(state_->id, view.generation);
}

FileTree::Snapshot::~Snapshot() {
  if (tree_id_ != 0 && thread_view.tree_id == tree_id_) thread_view = {};
}

const Entry* FileTree::walk(Directory* base, std::string_view path, Trace& trace) {
  EntryVersions& versions = state_->versions;
  const TreeView view = state_->view();
  Directory* const root = &versions.root();
  const auto own_entry = [&](const Directory* directory) -> const Entry* {
    return directory == root ? &versions.root_entry() : directory->self();
  };
  if (path.empty() || path.size() >= PATH_MAX) return &versions.impossible();
  Directory* at = path.front() == '/' || base == nullptr ? root : base;
  const Entry* result = own_entry(at);
  const Directory* entered = nullptr;  // by the last component: traversed if another one follows
  // What is left of the path and, inside it, of the links being followed.
  std::array<std::string_view, kMostLinks + 1> texts{path};
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
    // Directories in a link's text do not matter: on the server the link leads to its real target.
    if (entered != nullptr && depth == 0) trace.traversed.push_back(entered);
    entered = nullptr;
    if (name == "." || name == "..") {
      const bool up = name.size() == 2;
      if (up && at == root && depth == 0) trace.traversed.push_back(at);
      if (up) at = at->parent();
      result = own_entry(at);
      continue;
    }
    if (name.size() > NAME_MAX) return &versions.impossible();
    const Entry* entry = versions.lookup(*at, name, view);
    trace.consulted.push_back(entry);
    if (entry->kind == EntryKind::Directory) {
      at = entry->directory;
      entered = at;
      result = entry;
    } else if (entry->kind == EntryKind::Symlink) {
      if (++links > kMostLinks) {
        trace.consulted.push_back(&versions.circular());
        return &versions.circular();
      }
      trace.links.push_back(entry);
      texts[++depth] = entry->link_target;
      if (entry->link_target.front() == '/') {
        at = root;
        result = &versions.root_entry();
      }
    } else {
      // Nothing may follow a file, not even a slash.
      const bool more = std::any_of(texts.begin(), texts.begin() + static_cast<std::ptrdiff_t>(depth) + 1,
                                    [](std::string_view rest) { return !rest.empty(); });
      return more && entry->kind != EntryKind::Missing ? &versions.impossible() : entry;
    }
  }
}

Directory* FileTree::directory(Directory* base, std::string_view path, Trace& trace) {
  const Entry* entry = walk(base, path, trace);
  return entry->kind == EntryKind::Directory ? entry->directory : nullptr;
}

Expected<FileVersion> FileTree::load(const Entry& entry) {
  return state_->contents.load(entry);
}

Expected<ContentHash> FileTree::hash(const Entry& entry) {
  return state_->contents.hash(entry);
}

std::uint64_t FileTree::order_of(const Entry& entry) {
  return ContentStore::order_of(entry);
}

void FileTree::trim() {
  state_->contents.trim(0);
}

bool FileTree::all_unchanged_since(std::uint64_t generation) const {
  // In this order: an entry that is replaced loses its count in `flags` only after the generation was
  // incremented.
  return state_->flags.none() && state_->clock.generation.load() <= generation;
}

bool FileTree::unchanged_since(const std::vector<const Entry*>& consulted, std::uint64_t generation) {
  if (all_unchanged_since(generation)) return true;
  const std::uint64_t ticket = state_->view().ticket;
  for (const Entry* entry : consulted) {
    if (entry->changed_at.load(std::memory_order_acquire) > generation) return false;
    if (entry->internal.flags.load(std::memory_order_acquire) == 0) continue;
    if (entry->internal.validated_at.load(std::memory_order_acquire) >= ticket) continue;
    if (state_->versions.validate(const_cast<Entry*>(entry), ticket) != entry) return false;
  }
  return true;
}

std::uint64_t FileTree::generation() const {
  const std::uint64_t seen = state_->view().generation;
  return seen == kReplaced ? 0 : seen;
}

SharedEntries FileTree::keep(std::vector<const Entry*> entries) {
  std::sort(entries.begin(), entries.end());
  entries.erase(std::unique(entries.begin(), entries.end()), entries.end());
  const std::lock_guard lock(state_->keeping);
  return &*state_->kept.insert(entries).first;  // copied if it is new, without spare capacity
}

bool FileTree::needs_validation(const std::vector<const Entry*>& consulted) {
  return std::any_of(consulted.begin(), consulted.end(), [](const Entry* entry) {
    return entry->internal.flags.load(std::memory_order_acquire) != 0;
  });
}

}  // namespace pump::include_server
