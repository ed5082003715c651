// The cached file tree: what every path the server ever asked about leads to, kept true.
//
// Paths are walked component by component as the kernel walks them, through Directory nodes (one per real directory)
// and their Entries (one per name asked for, missing names included). Every directory consulted is watched before it
// is first read; begin() applies what the watches report, so whatever is looked up afterwards is no older than the
// call of begin(). Where watches cannot be trusted, an entry is checked by lstat once per request instead.
//
// A change never edits an Entry: the name gets a new Entry, and the old one is marked by `changed_at`. A request that
// was under way keeps seeing the versions it started with, and nobody waits for it (file_tree.cc says why). Entries
// and Directories are never freed before the tree, so pointers may be kept as dependencies.
//
// Any thread; but a request's walks are made by the thread that called begin(), while it holds the Snapshot.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pump/include_server/file_tree/file_system.h"
#include "pump/include_server/support/content_hash.h"

namespace pump::include_server {

class Directory;
class FileTree;
struct FileContent;

/// One version of one name in one real directory. All but the atomic members are immutable once a walk returned it.
struct Entry {
  Directory* parent = nullptr;  ///< nullptr only for "/" and for paths too long or looping
  std::string name;
  EntryKind kind = EntryKind::Missing;
  /// 0 while this version is in force; greater than any generation once another one has replaced it.
  std::atomic<std::uint64_t> changed_at{0};
  FileStatus status;               ///< a Directory's times, size and links are those of its first lookup
  std::string link_target;         ///< Symlink only
  Directory* directory = nullptr;  ///< Directory only
  /// The real path: no component but possibly the last is a link.
  [[nodiscard]] std::string path() const;

  /// The tree's own bookkeeping.
  struct Internal {
    std::uint64_t hash = 0;        ///< of `name`
    std::uint64_t created_at = 0;  ///< generation that made this version; 0: the first one
    Entry* previous = nullptr;     ///< the version before
    std::atomic<std::uint8_t> flags{0};
    std::atomic<std::uint64_t> validated_at{0};  ///< ticket of the request that last checked it
    std::atomic<FileContent*> content{nullptr};
  };
  mutable Internal internal;
};

class Directory {
 public:
  [[nodiscard]] const std::string& path() const { return path_; }  ///< real path; "/" for the root
  [[nodiscard]] Directory* parent() const { return parent_; }      ///< the root's parent is the root
  [[nodiscard]] const Entry* self() const {
    return self_;
  }  ///< its entry in its parent; nullptr for the root

 private:
  friend class FileTree;
  std::string path_;
  Directory* parent_ = nullptr;
  Entry* self_ = nullptr;
  struct Names;
  std::shared_ptr<Names> names_;
};

/// What one walk consulted. Appended to, so that one Trace can gather several walks.
struct Trace {
  std::vector<const Entry*> consulted;  ///< dependencies, negative ones too
  std::vector<const Entry*> links;      ///< symbolic links followed, in order
  /// Directories walked through, other than the base and those in a link's text. The root: ".." was taken
  /// there, which leads further up where the root is not the machine's.
  std::vector<const Directory*> traversed;
  void clear() {
    consulted.clear();
    links.clear();
    traversed.clear();
  }
};

/// The bytes of one version of a file.
struct FileVersion {
  ContentHash hash;
  std::uint64_t size = 0;
  std::shared_ptr<const std::string> bytes;
  /// Later versions of one name have greater numbers; 0: not known.
  std::uint64_t order = 0;
};

/// Entries that something depends on, each once: FileTree::keep.
using SharedEntries = const std::vector<const Entry*>*;

class FileTree {
 public:
  explicit FileTree(FileSystem& file_system);
  ~FileTree();
  FileTree(const FileTree&) = delete;
  FileTree& operator=(const FileTree&) = delete;

  /// A consistent view for one request. Move-only; stays on the thread that called begin(), one per thread at a time.
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
    std::uint64_t tree_id_;
    std::uint64_t generation_;
  };

  /// Applies all changes reported so far, then opens a view on the result.
  [[nodiscard]] Snapshot begin();

  static constexpr unsigned kMostLinks = 40;  ///< in one path: MAXSYMLINKS of Linux
  /// Walks `path` from `base` (ignored for absolute paths; nullptr means "/"), following links, the last one too.
  /// The result is never nullptr: an Entry of kind Missing where nothing is there (ENOENT, ENOTDIR, ELOOP,
  /// ENAMETOOLONG, no permission). For "/", "." and "..": the directory's own entry.
  const Entry* walk(Directory* base, std::string_view path, Trace& trace);

  /// The real directory at an absolute or base-relative path; nullptr where there is none.
  Directory* directory(Directory* base, std::string_view path, Trace& trace);

  /// Loads a File entry's content, or the copy that is already loaded. Errors: unreadable; changed or gone since the
  /// walk (EAGAIN: drop the Snapshot, begin() again and retry).
  Expected<FileVersion> load(const Entry& entry);
  /// The hash of the version in force (read once; the bytes may be dropped by trim()).
  Expected<ContentHash> hash(const Entry& entry);
  /// True where this version's content has been read, whoever asked.
  [[nodiscard]] static bool was_read(const Entry& entry);
  /// FileVersion::order of this version; 0 where its content has not been read.
  [[nodiscard]] static std::uint64_t order_of(const Entry& entry);
  /// Drops loaded bytes nobody holds any more; hashes stay. Done by itself, oldest first, when 3 MiB are kept.
  void trim();

  /// True where no dependency changed after `generation`: constant time where nothing in the tree did and the
  /// watches are trusted, else one comparison per entry. `consulted` entries without a trustworthy watch are checked
  /// by status() here, once per request.
  bool unchanged_since(const std::vector<const Entry*>& consulted, std::uint64_t generation);
  /// The generation of this thread's view: what a later unchanged_since() may be asked about.
  [[nodiscard]] std::uint64_t generation() const;
  /// Lives as long as the tree; equal lists are one. (Lists belong to lookups, of which there are not many more than
  /// entries; replies and closures that point to them are many.)
  SharedEntries keep(std::vector<const Entry*> entries);
  /// True where nothing at all changed after `generation`, as far as watches tell: with a stored
  /// !needs_validation(consulted), the answer of unchanged_since() without touching the entries.
  [[nodiscard]] bool quiet_since(std::uint64_t generation) const;
  /// The same for whatever was consulted: no entry needs status() either.
  [[nodiscard]] bool all_unchanged_since(std::uint64_t generation) const;
  /// True where some entry must be checked by status() at each request. Files: call after they were loaded.
  [[nodiscard]] static bool needs_validation(const std::vector<const Entry*>& consulted);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace pump::include_server
