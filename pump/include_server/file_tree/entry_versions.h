// All directories and the versions of the names in them: lookup, validation, replacement.
//
// Decision: versions instead of a reader/writer lock. The first design let requests share a lock and begin()
// take it exclusively to apply changes. Then one slow request (a macro bomb may take seconds) stalls all
// others as soon as any known file is edited. With immutable entries a change adds a version; current
// requests go on with the versions they may still use, so a request never sees one name change while it runs.
// The price is some 300 bytes per change of a known name, kept until the server ends.
//
// Rejected: freeing old versions (epochs or reference counts). Dependants hold plain pointers to them, and a
// pointer that is always valid is what makes FileTree::unchanged_since() one comparison per entry.
//
// Any thread. Lock: Directory::Names::mutex, one directory at a time, held while the status of a name is
// read. ARCHITECTURE.md has the order. A name that is in its table already is found without a lock.
#pragma once

#include <deque>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "pump/include_server/file_tree/content_store.h"
#include "pump/include_server/file_tree/directory_names.h"

namespace pump::include_server {

/// What one request may see: versions up to `generation`, checked under `ticket` or later (TreeClock).
struct TreeView {
  std::uint64_t ticket;
  std::uint64_t generation;
};

class EntryVersions {
 public:
  EntryVersions(FileSystem& file_system, WatchTable& watches, EntryFlags& flags, PendingChecks& pending,
                ContentStore& contents, TreeClock& clock);

  Directory& root() { return root_; }
  Entry& root_entry() { return root_entry_; }
  /// A Missing entry for paths that cannot name a file: too long, "file/x".
  const Entry& impossible() const { return impossible_; }
  /// A Missing entry for links that lead in a circle. Its status has the error.
  const Entry& circular() const { return circular_; }

  /// The version of a name that the request may use. The first lookup of a name reads its status.
  Entry* lookup(Directory& directory, std::string_view name, TreeView request);
  /// For entries with flags, at each request: checks an entry by status() unless a request with this ticket,
  /// or a later one, has done so; for unsettled files reads the content as well. Returns the version in force
  /// afterwards.
  Entry* validate(Entry* entry, std::uint64_t ticket);
  /// For ChangeApplier, at each event: reads the status again. If it differs, or `force`, the name gets a new
  /// version: then true.
  bool revalidate(Entry& entry, bool force);
  /// The directory is no longer at its path: marks it and all that is known below as replaced, gives watches
  /// back.
  void retire(Directory& directory);
  /// Watches "/" anew: it has no entry that could be replaced.
  void rewatch_root();

 private:
  /// What status() and read_link() returned for a path.
  struct Observation {
    FileStatus status;
    std::string target;
    bool doubtful = false;  ///< an error other than absence
    /// The last ticket given out before the calls: requests up to it may use the result.
    std::uint64_t ticket = 0;
  };
  Observation observe(const std::string& path);
  static bool same(const Entry& entry, const Observation& seen);
  /// The newest version that the request may use, validated if it needs that.
  Entry* version_for(Entry* newest, TreeView request);
  /// The first version of a name, unless another thread has made it meanwhile.
  Entry* create(Directory& directory, std::string_view name, std::uint64_t hash);
  // The directory's mutex is held.
  void ensure_watched(Directory& directory);
  Entry* add_entry(Directory& directory, std::string_view name, std::uint64_t hash, Observation seen);
  Entry* replace(Entry& old, Observation seen);

  FileSystem& file_system_;
  WatchTable& watches_;
  EntryFlags& flags_;
  PendingChecks& pending_;
  ContentStore& contents_;
  TreeClock& clock_;
  Directory root_;
  Entry root_entry_;
  Entry impossible_, circular_;
  std::mutex mutex_;  ///< a leaf; guards `directories_`
  std::deque<Directory> directories_;
};

}  // namespace pump::include_server
