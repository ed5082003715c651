// Replies that were computed before, with everything that they depend on.
//
// Limits: bounded by bytes; the least recently used entry is dropped first. The cache does not check whether
// an entry is in force: RequestHandler does. Any thread; the class has its own lock. Entries do not change,
// except for `generation`, and stay alive while a thread uses them.
#pragma once

#include <tsl/robin_map.h>

#include <atomic>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <vector>

#include "pump/include_server/answer/request.h"
#include "pump/include_server/file_tree/file_tree.h"
#include "pump/include_server/unit/translation_unit.h"

namespace pump::include_server {

/// Everything that a reply depends on, besides the request and the mirror.
struct Dependencies {
  std::vector<const Entry*> own;
  std::vector<SharedEntries> shared;  ///< with other replies

  void add(const std::vector<const Entry*>& entries);
  void add(const Unit& unit);  ///< what the unit itself depends on
  /// True if no entry has changed after `generation`. `snapshot`: of `tree`.
  [[nodiscard]] bool unchanged_since(const FileTree::Snapshot& snapshot, FileTree& tree,
                                     std::uint64_t generation) const;
};

struct CachedReply {
  Reply reply;  ///< without Reply::fragments: they are those of the Copies, and must not be kept for longer
  Dependencies dependencies;
  bool fragments = false;                            ///< Request::fragments
  std::uint64_t epoch = 0;                           ///< of the Copies that have its files
  mutable std::atomic<std::uint64_t> generation{0};  ///< of the last snapshot under which it was in force

  [[nodiscard]] std::size_t bytes() const;  ///< of memory, approximately
};

class ReplyCache {
 public:
  explicit ReplyCache(std::size_t capacity_bytes) : capacity_(capacity_bytes) {}

  /// The entry; nullptr if there is none.
  std::shared_ptr<const CachedReply> find(const ContentHash& key);
  void store(const ContentHash& key, std::shared_ptr<const CachedReply> entry);
  void clear();
  [[nodiscard]] std::size_t bytes() const;

 private:
  struct Hasher {
    std::size_t operator()(const ContentHash& hash) const { return static_cast<std::size_t>(hash.low); }
  };
  struct Slot {
    ContentHash key;
    std::shared_ptr<const CachedReply> entry;
  };

  void drop(std::list<Slot>::iterator slot);

  const std::size_t capacity_;
  mutable std::mutex mutex_;  ///< all below
  std::list<Slot> slots_;     ///< most recently used first
  tsl::robin_map<ContentHash, std::list<Slot>::iterator, Hasher> index_;
  std::size_t bytes_ = 0;
};

}  // namespace pump::include_server
