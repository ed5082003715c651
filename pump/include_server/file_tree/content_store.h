// The bytes and hashes of the versions of files: one read per version, by the first thread that needs it.
//
// A file is watched, then read, so that a change during the read is reported. Hashes stay; bytes are dropped,
// oldest first, when more than 3 MiB are kept, except those in use.
//
// Any thread. Locks: one mutex per version, held while the file is read; the store's own mutex and the locks
// of the collaborators are taken under it.
#pragma once

#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "pump/include_server/file_tree/entry_flags.h"
#include "pump/include_server/file_tree/file_version.h"
#include "pump/include_server/file_tree/pending_checks.h"
#include "pump/include_server/file_tree/tree_clock.h"
#include "pump/include_server/file_tree/watch_table.h"

namespace pump::include_server {

/// What was read of one version of a file.
struct FileContent {
  std::mutex mutex;                 ///< guards all but the atomic members; held while the file is read
  std::atomic<bool> hashed{false};  ///< hash and size are final
  ContentHash hash;
  std::uint64_t size = 0;
  std::uint64_t order = 0;                   ///< FileVersion::order
  std::shared_ptr<const std::string> bytes;  ///< dropped by trim()
  bool watch_tried = false;
  /// Atomic: the thread that replaces the entry takes the watch away without waiting for a read to end.
  std::atomic<int> watch{-1};
  std::atomic<bool> settled{false};  ///< FileSystem::Content::settled
};

class ContentStore {
 public:
  ContentStore(FileSystem& file_system, WatchTable& watches, EntryFlags& flags, PendingChecks& pending,
               const TreeClock& clock)
      : file_system_(file_system), watches_(watches), flags_(flags), pending_(pending), clock_(clock) {}

  /// FileTree::load and FileTree::hash.
  Expected<FileVersion> load(const Entry& entry);
  Expected<ContentHash> hash(const Entry& entry);
  /// True if this version's content has been read, by any request.
  [[nodiscard]] static bool was_read(const Entry& entry);
  /// FileVersion::order; 0 if the content has not been read.
  [[nodiscard]] static std::uint64_t order_of(const Entry& entry);

  /// Reads an unsettled file again: false if its content is not that of this version. True for others.
  bool is_unchanged(Entry& entry);
  /// After lost events: true if an equal status does not prove that the content is the same.
  bool needs_reading(const Entry& entry);
  /// Gives the file's watch back: the version has been replaced.
  void release_watch(Entry& entry);
  /// Drops bytes that are not in use, oldest first, until `keep` bytes are left.
  void trim(std::uint64_t keep);

 private:
  FileContent& content_of(const Entry& entry);
  /// load(); `too_much`: more bytes are kept than should be. trim() is not called here, under the content's
  /// mutex, because it takes that of each content.
  Expected<FileVersion> load(const Entry& entry, bool& too_much);
  /// Content mutex held. Reads, compares with the entry's status and a known hash, sets the entry's flags.
  Expected<FileVersion> read_version(const Entry& entry, FileContent& content);

  FileSystem& file_system_;
  WatchTable& watches_;
  EntryFlags& flags_;
  PendingChecks& pending_;
  const TreeClock& clock_;
  std::atomic<std::uint64_t> orders_{0};  ///< the last FileVersion::order

  std::mutex mutex_;  ///< a leaf; guards the following
  std::deque<FileContent> contents_;
  std::vector<FileContent*> with_bytes_;
  std::uint64_t bytes_kept_ = 0;
};

}  // namespace pump::include_server
