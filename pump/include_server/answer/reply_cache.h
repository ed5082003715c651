// Tier 1: ready replies, valid as long as nothing they depend on has changed.
//
// Bounded by bytes, least recently used first. Any thread; entries are immutable but for the generation up to
// which they were last found valid, and stay alive while somebody sends them.
#pragma once

#include <tsl/robin_map.h>

#include <atomic>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "pump/include_server/answer/request_handler.h"
#include "pump/include_server/file_tree/file_tree.h"
#include "pump/include_server/preprocessor/closure.h"

namespace pump::include_server {

/// All that a reply depends on.
struct Dependencies {
  std::vector<const Entry*> own;
  std::vector<SharedEntries> shared;  ///< with other replies

  [[nodiscard]] bool unchanged_since(FileTree& tree, std::uint64_t generation) const;
};

struct CachedReply {
  Reply reply;
  Dependencies depends;
  std::uint64_t mirror_epoch = 0;  ///< the mirror that holds its files; another one does not
  mutable std::atomic<std::uint64_t> generation{0};  ///< valid at least up to there

  [[nodiscard]] std::size_t bytes() const;
};

class ReplyCache {
 public:
  explicit ReplyCache(std::size_t capacity_bytes) : capacity_(capacity_bytes) {}

  /// The entry, not checked for validity; nullptr where there is none.
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
  mutable std::mutex mutex_;
  std::list<Slot> slots_;  // most recently used first
  tsl::robin_map<ContentHash, std::list<Slot>::iterator, Hasher> index_;
  std::size_t bytes_ = 0;
};

/// A client's environment, and what is taken from it for each request.
struct KnownEnvironment {
  explicit KnownEnvironment(os::Environment all);
  explicit KnownEnvironment(std::string_view block);

  std::string block;  ///< as /proc/PID/environ has it; empty where it was not given so
  os::Environment variables;
  std::string key;  ///< UnitBuilder::environment_key(): what answers depend on
};

/// The clients of a build have the same environment, byte for byte: it is taken apart once. Any thread.
class Environments {
 public:
  std::shared_ptr<const KnownEnvironment> of(const Request& request);
  /// `block`: Request::environment_block, not empty.
  std::shared_ptr<const KnownEnvironment> of(std::string_view block);

 private:
  std::mutex mutex_;
  tsl::robin_map<std::uint64_t, std::shared_ptr<const KnownEnvironment>> known_;  ///< by a hash of the block
};

/// What makes two requests the same: their bytes, as encode_request() gives them, and the environment that
/// compilers look at.
ContentHash request_key(std::string_view encoded, const KnownEnvironment& environment);

}  // namespace pump::include_server
