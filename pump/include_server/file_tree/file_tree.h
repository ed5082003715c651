// The cached file tree: what each path that was looked up refers to now.
//
// walk() reads a path component by component as the kernel does, through Directory nodes (one per real
// directory) and their Entries (one per name looked up, missing names included). The lists of entries that
// walks consulted (Trace) are the dependencies of everything that is cached above this folder.
//
// What happens when a header is edited:
//   1. Watch. Before a name's first status() its directory is watched, and before a file is first read the
//      file itself (EntryVersions::create, ContentStore::read_version; WatchTable records whose watch it is).
//      The kernel queues the event by the time the writer's close(2) or rename(2) returns.
//   2. Version. The next request calls begin(). It drains the queue (FileSystem::drain), finds the entries of
//      each event (ChangeApplier::apply_reported) and checks them (EntryVersions::revalidate). If status or
//      content may differ, the name gets a new Entry, and the old one's `changed_at` is set
//      (EntryVersions::replace). No Entry is edited in place: current requests go on with the versions they
//      began with and do not wait (entry_versions.h says why). If such a request has yet to load the old
//      content, load() fails with EAGAIN, and the request starts over.
//   3. Generation. Each new version increments the tree's generation. The request's Snapshot has the
//      generation reached by then, so whatever it looks up is no older than its begin().
//   4. Caches. Each cached result is stored with its dependencies and the generation it was made at. It is
//      used again if unchanged_since(dependencies, generation); otherwise it is computed again, from the
//      bytes that load() returns for the new version.
//   5. Mirror. The first reply computed from the new version replaces the header's copy: rename(2) puts the
//      new copy at the path of the old one (Mirror::file).
// If a directory or file cannot be watched, or its content may change without a change of status, walk() and
// unchanged_since() check its entry by status() once per request instead, and compare the content if
// necessary (EntryVersions::validate). If events were lost, begin() checks every entry
// (ChangeApplier::check_everything).
//
// Any thread. A request's walks are made by the thread that called begin(), while the Snapshot lives: the
// thread's Snapshot determines which versions walk(), directory(), unchanged_since() and generation() use.
// The objects that compute a request's answer get it as an argument or hold it by reference. Without a
// Snapshot the newest versions are used, and generation() is 0.
//
// ARCHITECTURE.md lists the locks and their order.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "pump/include_server/file_tree/entry.h"
#include "pump/include_server/file_tree/file_system.h"
#include "pump/include_server/file_tree/file_version.h"

namespace pump::include_server {

/// What walks consulted. Appended to, so that one Trace can gather several walks.
struct Trace {
  std::vector<const Entry*> consulted;  ///< dependencies, missing names included
  std::vector<const Entry*> links;      ///< symbolic links followed, in order
  /// Directories walked through, other than the base and those in a link's text. Contains the root if ".."
  /// was applied to it, which leads further up if the root is not the machine's.
  std::vector<const Directory*> traversed;
  void clear() {
    consulted.clear();
    links.clear();
    traversed.clear();
  }
};

/// Entries that something depends on, each once: FileTree::keep.
using SharedEntries = const std::vector<const Entry*>*;

class FileTree {
 public:
  explicit FileTree(FileSystem& file_system);
  ~FileTree();
  FileTree(const FileTree&) = delete;
  FileTree& operator=(const FileTree&) = delete;

  /// A consistent view for one request. Move-only; stays on the thread that called begin(), one per thread at
  /// a time.
  class Snapshot {
   public:
    Snapshot(Snapshot&& other) noexcept
        : tree_id_(std::exchange(other.tree_id_, 0)), generation_(other.generation_) {}
    Snapshot& operator=(Snapshot&&) = delete;
    ~Snapshot();
    [[nodiscard]] std::uint64_t generation() const { return generation_; }

   private:
    friend class FileTree;
    Snapshot(std::uint64_t tree_id, std::uint64_t generation) : tree_id_(tree_id), generation_(generation) {}
    std::uint64_t tree_id_;  ///< 0: moved from
    std::uint64_t generation_;
  };

  /// Applies all changes reported so far, then opens a view of the result. Throws std::bad_alloc; then the
  /// next begin() checks every entry, so that no change is lost.
  [[nodiscard]] Snapshot begin();

  static constexpr unsigned kMostLinks = 40;  ///< in one path: MAXSYMLINKS of Linux
  /// Walks `path` from `base` (ignored for absolute paths; nullptr means "/"), following links, the last one
  /// too. Never returns nullptr: if nothing is there (ENOENT, ENOTDIR, ELOOP, ENAMETOOLONG, no permission),
  /// the Entry is of kind Missing. For "/", "." and "..": the directory's own entry.
  const Entry* walk(Directory* base, std::string_view path, Trace& trace);

  /// The real directory at an absolute or base-relative path; nullptr if there is none.
  Directory* directory(Directory* base, std::string_view path, Trace& trace);

  /// Loads a File entry's content, or returns the copy that is already loaded. Errors: not a regular file;
  /// unreadable; EAGAIN: changed or gone since the walk, or still being written. Then drop the Snapshot,
  /// begin() again and retry.
  Expected<FileVersion> load(const Entry& entry);
  /// The hash of this version's content. Reads it at most once, also if trim() has dropped the bytes. Errors:
  /// load().
  Expected<ContentHash> hash(const Entry& entry);
  /// FileVersion::order of this version; 0 if its content has not been read.
  [[nodiscard]] static std::uint64_t order_of(const Entry& entry);
  /// Drops loaded bytes that are not in use; hashes stay. load() does so when more than 3 MiB are kept.
  void trim();

  /// True if no dependency changed after `generation`. Constant time if nothing in the tree did and the
  /// watches are trusted, else one comparison per entry. Entries without a trusted watch are checked by
  /// status(), once per request.
  bool unchanged_since(const std::vector<const Entry*>& consulted, std::uint64_t generation);
  /// unchanged_since() for any list of entries, in constant time. Conservative: also false if an entry
  /// outside the list has changed or must be checked by status().
  [[nodiscard]] bool all_unchanged_since(std::uint64_t generation) const;
  /// The generation of this thread's Snapshot, for a later unchanged_since(); 0 without one.
  [[nodiscard]] std::uint64_t generation() const;
  /// Interns a list: equal lists share one object, which lives as long as the tree. Lists belong to lookups,
  /// of which there are not many more than entries; the replies and closures that point to them are many.
  SharedEntries keep(std::vector<const Entry*> entries);
  /// For tests: true if one of the entries must be checked by status() at each request. Load files first.
  [[nodiscard]] static bool needs_validation(const std::vector<const Entry*>& consulted);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace pump::include_server
