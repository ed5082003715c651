// Applies the changes that watches report: from events to new versions of names.
//
// Any thread, in FileTree::begin(). Lock: its own mutex, the first in the file tree's order
// (ARCHITECTURE.md). One thread drains and applies while the others wait, so that each begin() sees all
// earlier changes.
#pragma once

#include <mutex>
#include <utility>
#include <vector>

#include "pump/include_server/file_tree/entry_versions.h"

namespace pump::include_server {

class ChangeApplier {
 public:
  ChangeApplier(FileSystem& file_system, WatchTable& watches, PendingChecks& pending, ContentStore& contents,
                EntryVersions& versions, TreeClock& clock)
      : file_system_(file_system),
        watches_(watches),
        pending_(pending),
        contents_(contents),
        versions_(versions),
        clock_(clock) {}

  /// Applies all changes reported so far; then takes the next ticket (TreeClock), under which entries without
  /// a trusted watch are checked anew. Throws std::bad_alloc; then the next call checks everything, because
  /// the events are lost.
  TreeView apply_reported();

 private:
  /// An entry to be checked. `force`: it gets a new version even if the status is equal, because its content
  /// may differ, or another file may have the same inode number.
  struct Check {
    Entry* entry;
    bool force;
  };
  void apply();
  /// Appends the entries that the event is about.
  void collect(const WatchEvent& event, std::vector<Check>& checks);
  /// For an event about "/" itself, which has no entry that could be replaced: watches it anew and checks
  /// everything.
  void check_root();
  /// After lost events: checks every known name.
  void check_everything();
  /// Checks the directory and the names in it; adds the directories in it to `below`.
  void check_directory(Directory& directory, std::vector<Directory*>& below);

  FileSystem& file_system_;
  WatchTable& watches_;
  PendingChecks& pending_;
  ContentStore& contents_;
  EntryVersions& versions_;
  TreeClock& clock_;

  std::mutex mutex_;
  std::vector<WatchEvent> events_;
  bool events_lost_ = false;  ///< events were drained, but an exception prevented applying them
};

}  // namespace pump::include_server
