// The scans of all file versions in use, shared by all worker threads.
//
// Locks: one mutex per shard; nothing is called under it. Waiting for another thread's scan happens without a
// lock.
#pragma once

#include <tsl/robin_map.h>

#include <array>
#include <functional>
#include <future>
#include <memory>
#include <mutex>

#include "pump/include_server/file_tree/file_tree.h"
#include "pump/include_server/lexer/scan.h"

namespace pump::include_server {

/// Scans by content hash and lexing mode. Any thread.
class ScanCache {
 public:
  using ReadBytes = std::function<std::shared_ptr<const std::string>()>;
  /// The scan of the content with this hash. If there is none yet, one caller reads the bytes and scans them;
  /// the others wait for it. nullptr if `read` returns nullptr. Throws std::bad_alloc.
  std::shared_ptr<const Scan> get(const ContentHash& hash, const ScanMode& mode, const ReadBytes& read);

 private:
  struct Key {
    ContentHash hash;
    std::uint32_t mode = 0;
    bool operator==(const Key&) const = default;
  };
  struct HashKey {
    std::size_t operator()(const Key& key) const { return static_cast<std::size_t>(key.hash.low + key.mode); }
  };
  using ScanPointer = std::shared_ptr<const Scan>;
  struct Shard {
    std::mutex mutex;
    tsl::robin_map<Key, std::shared_future<ScanPointer>, HashKey> scans;
    std::size_t sweep_at = 256;  ///< drop_unused() when there are more scans than this
  };
  static void drop_unused(Shard& shard);

  std::array<Shard, 16> shards_;
};

}  // namespace pump::include_server
