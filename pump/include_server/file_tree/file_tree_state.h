// What file_tree.cc (walks), file_tree_changes.cc (applying changes) and file_tree_content.cc (bytes) share.
//
// Lock order: changes -> Names::mutex (one directory at a time) -> FileContent::mutex -> watches, pending,
// flags, store. The last four are leaves; only `watches` is held across a system call.
#pragma once

#include <tsl/robin_map.h>
#include <xxhash.h>

#include <deque>
#include <limits>
#include <mutex>
#include <unordered_set>
#include <vector>

#include "pump/include_server/file_tree/name_table.h"

namespace pump::include_server {

/// Why an entry must be validated by status() at each request; 0: its watches are trusted.
enum EntryFlag : std::uint8_t {
  kUnwatched = 1,         ///< the directory has no trustworthy watch, or status() failed
  kUnwatchedContent = 2,  ///< the file was loaded without a watch of its own
  kUnsettled = 4,         ///< a later change could leave the status equal: compare the content, too
  kDead = 8,              ///< the directory node is no longer part of the tree
};

constexpr std::uint64_t kReplaced = std::numeric_limits<std::uint64_t>::max();

/// One loaded version of a file.
struct FileContent {
  std::mutex mutex;                 ///< guards all but the atomic members; held while the file is read
  std::atomic<bool> hashed{false};  ///< hash and size are final
  ContentHash hash;
  std::uint64_t size = 0;
  std::uint64_t order = 0;                   ///< FileVersion::order
  std::shared_ptr<const std::string> bytes;  ///< dropped by trim()
  bool watch_tried = false;
  /// Whoever replaces the entry takes the watch away without waiting for a read to end.
  std::atomic<int> watch{-1};
  std::atomic<bool> settled{false};
};

struct Directory::Names {
  NameTable table;
  std::mutex mutex;
  std::deque<Entry> entries;  ///< all versions of all names
  int watch = -1;
  bool watch_tried = false;
  bool dead = false;  ///< replaced in its parent: entries are validated by path, never watched
};

struct HashOfEntries {
  std::size_t operator()(const std::vector<const Entry*>& entries) const {
    return XXH3_64bits(entries.data(), entries.size() * sizeof entries[0]);
  }
};

struct FileTree::State {
  explicit State(FileSystem& fs);

  /// The view of the calling thread's request; without one, everything as of the last begin().
  struct View {
    std::uint64_t ticket;
    std::uint64_t generation;
  };
  [[nodiscard]] View view() const;

  /// What status() and read_link() say of a path.
  struct Observation {
    FileStatus status;
    std::string target;
    bool doubtful = false;     ///< an error that is no plain absence
    std::uint64_t ticket = 0;  ///< the last one given out before the look: whoever has it may rely on it
  };

  std::mutex keeping;  ///< `kept`
  std::unordered_set<std::vector<const Entry*>, HashOfEntries> kept;

  // file_tree.cc
  Entry* lookup(Directory& directory, std::string_view name);
  Entry* create(Directory& directory, std::string_view name, std::uint64_t hash);
  Entry* version_for(Entry* newest, View request);
  Observation observe(const std::string& path);
  /// The directory's mutex is held.
  Entry* add_entry(Directory& directory, std::string_view name, std::uint64_t hash, Observation seen);
  void ensure_watched(Directory& directory);

  // file_tree_changes.cc
  void apply(std::vector<WatchEvent>& events);
  /// Checks an entry once for the request; the version in force afterwards.
  Entry* validate(Entry* entry, std::uint64_t ticket);
  /// Looks again; where it differs, or `force`, the name gets a new version. True where it did.
  bool revalidate(Entry& entry, bool force);
  bool still_as(const Entry& entry, const Observation& seen) const;
  /// The directory's mutex is held.
  Entry* replace(Entry& old, Observation seen);
  void retire(Directory* directory);
  void revalidate_everything();
  void revalidate_directory(Directory& directory, std::vector<Directory*>& below);
  void collect(const WatchEvent& event, std::vector<std::pair<Entry*, bool>>& entries);
  void renew_root();
  void set_flags(Entry& entry, std::uint8_t mask, std::uint8_t value);
  void mark_replaced(Entry& entry, std::uint8_t extra_flags);
  void suspect(const Entry& entry);

  // file_tree_content.cc
  FileContent& content_of(const Entry& entry);
  /// `much`: time to trim(), which takes the mutex of each content itself.
  Expected<FileVersion> load(const Entry& entry, bool& much);
  /// Content mutex held. Reads, checks against the entry's status and a known hash, sets the entry's flags.
  Expected<FileVersion> read_version(const Entry& entry, FileContent& content);
  bool content_unchanged(Entry& entry);
  bool content_needs_reading(Entry& entry);
  void release_content_watch(Entry& entry);
  /// Drops bytes nobody holds, oldest first, until `keep` are left.
  void trim(std::uint64_t keep);

  struct Target {
    Directory* directory = nullptr;
    Entry* file = nullptr;
    bool operator==(const Target&) const = default;
  };
  int add_watch(const std::string& path, Target target);
  /// The watch that `path` has now, made if need be, without a new target: equal to the one recorded, it
  /// proves that the same thing still stands there.
  int watch_again(const std::string& path, bool file);
  void drop_watch(int watch, Target target);
  std::vector<Target> targets_of(int watch);

  FileSystem& file_system;
  const std::uint64_t id;
  Directory root;
  Entry root_entry;
  Entry nowhere;  ///< paths that no name stands for: too long, looping, "file/x"

  std::atomic<std::uint64_t> tickets{0};     ///< begin() calls
  std::atomic<std::uint64_t> generation{1};  ///< versions made
  std::atomic<std::uint64_t> validating{0};  ///< entries in force with flags
  std::atomic<std::uint64_t> orders{0};      ///< FileVersion::order
  std::mutex flags;                          ///< guards `validating` against changed_at and flags

  std::mutex changes;  ///< one thread drains and applies; the rest of begin() waits
  std::vector<WatchEvent> events;
  bool events_lost = false;  ///< drained, but not (all) applied

  std::mutex watches;
  tsl::robin_map<int, std::vector<Target>> targets;

  std::mutex pending;
  std::atomic<bool> has_pending{false};
  std::vector<Entry*> suspects;                  ///< a load did not match
  std::vector<Directory*> replaced_directories;  ///< to be retired

  std::mutex store;
  std::deque<Directory> directories;
  std::deque<FileContent> contents;
  std::vector<FileContent*> with_bytes;
  std::uint64_t bytes_kept = 0;
};

}  // namespace pump::include_server
