// The cached file tree: what every path the server ever asked about leads to, kept true.
//
// Paths are walked component by component as the kernel walks them, through Directory nodes (one per real directory)
// and their Entries (one per name asked for, missing names included). Every directory consulted is watched before it
// is first read; begin() applies what the watches report, so whatever is looked up afterwards is no older than the
// call of begin(). Where watches cannot be trusted, an entry is checked by lstat once per request instead.
//
// Reader/writer rule: a request holds a Snapshot (shared); changes are applied by begin() between requests (exclusive).
// Entries and Directories are never freed before the tree, so pointers may be kept as dependencies.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <vector>

#include "pump/include_server/file_system.h"

namespace pump::include_server {

class Directory;
class FileTree;

/// Identity of a file's content: XXH3-128 of its bytes.
struct ContentHash {
  std::uint64_t low = 0, high = 0;
  bool operator==(const ContentHash&) const = default;
};

/// One name in one real directory. Fields are valid for the Snapshot in which they were looked up.
struct Entry {
  Directory* parent = nullptr;
  std::string name;
  EntryKind kind = EntryKind::Missing;
  std::uint64_t changed_at = 0;      ///< generation of the last change seen; dependencies compare it
  FileStatus status;
  std::string link_target;           ///< Symlink only
  Directory* directory = nullptr;    ///< Directory only
  /// The real path: no component but possibly the last is a link.
  [[nodiscard]] std::string path() const;
};

class Directory {
 public:
  [[nodiscard]] const std::string& path() const { return path_; }  ///< real path; "/" for the root
  [[nodiscard]] Directory* parent() const { return parent_; }      ///< the root's parent is the root
  [[nodiscard]] const Entry* self() const { return self_; }        ///< its entry in its parent; nullptr for the root

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
  std::vector<const Entry*> consulted;        ///< dependencies, negative ones too
  std::vector<const Entry*> links;            ///< symbolic links followed, in order
  std::vector<const Directory*> traversed;    ///< directories walked through, other than the base
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
};

class FileTree {
 public:
  explicit FileTree(FileSystem& file_system);
  ~FileTree();

  /// A consistent view for one request; shared by all requests that run at once. Move-only.
  class Snapshot {
   public:
    Snapshot(Snapshot&&) = default;
    [[nodiscard]] std::uint64_t generation() const { return generation_; }

   private:
    friend class FileTree;
    Snapshot(std::shared_lock<std::shared_mutex> lock, std::uint64_t generation)
        : lock_(std::move(lock)), generation_(generation) {}
    std::shared_lock<std::shared_mutex> lock_;
    std::uint64_t generation_;
  };

  /// Applies all changes reported so far, then opens a view on the result.
  Snapshot begin();

  /// Walks `path` from `base` (ignored for absolute paths; nullptr means "/"), following links, the last one too.
  /// The result is never nullptr: an Entry of kind Missing where nothing is there (ENOENT, ENOTDIR, ELOOP,
  /// ENAMETOOLONG, no permission). For "/", "." and "..": the directory's own entry.
  const Entry* walk(Directory* base, std::string_view path, Trace& trace);

  /// The real directory at an absolute or base-relative path; nullptr where there is none.
  Directory* directory(Directory* base, std::string_view path, Trace& trace);

  /// Loads a File entry's content, or the copy that is already loaded. Errors: unreadable; changed or gone since the
  /// walk (EAGAIN: begin() again and retry).
  Expected<FileVersion> load(const Entry& entry);
  /// The hash of the version in force without keeping the bytes (loads once).
  Expected<ContentHash> hash(const Entry& entry);
  /// Drops loaded bytes nobody holds any more; hashes stay.
  void trim();

  /// True where no dependency changed after `generation`. `consulted` entries in directories without a trustworthy
  /// watch are checked by status() here.
  bool unchanged_since(const std::vector<const Entry*>& consulted, std::uint64_t generation);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace pump::include_server
