// Which entries must be checked by status() at each request, because their watches cannot be trusted.
//
// Any thread. The mutex is a leaf of the lock order.
#pragma once

#include <atomic>
#include <cstdint>
#include <limits>
#include <mutex>

#include "pump/include_server/file_tree/entry.h"

namespace pump::include_server {

/// Why an entry must be validated at each request. 0: its watches are trusted.
enum EntryFlag : std::uint8_t {
  kUnwatched = 1,         ///< the directory has no trustworthy watch, or status() failed
  kUnwatchedContent = 2,  ///< the file was loaded without a watch of its own
  kUnsettled = 4,         ///< a later change could leave the status equal: compare the content, too
  kDead = 8,              ///< the directory is no longer part of the tree
};

/// Entry::changed_at of a version that is no longer in force.
constexpr std::uint64_t kReplaced = std::numeric_limits<std::uint64_t>::max();

/// The only writer of the flags of published entries. Counts those that have any.
class EntryFlags {
 public:
  /// Sets the flags in `mask` to `value`. Does nothing to a replaced version: older requests may still use
  /// it.
  void set(Entry& entry, std::uint8_t mask, std::uint8_t value);
  /// The version is no longer in force. Sets `extra_flags`, too.
  void mark_replaced(Entry& entry, std::uint8_t extra_flags = 0);
  /// True if no entry in force has flags.
  [[nodiscard]] bool none() const { return flagged_.load() == 0; }

 private:
  std::mutex mutex_;  ///< guards `flagged_` against flags and changed_at
  std::atomic<std::uint64_t> flagged_{0};
};

}  // namespace pump::include_server
