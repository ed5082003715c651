// The scans of all file versions in use, shared by all workers.
#pragma once

#include <tsl/robin_map.h>

#include <array>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "pump/include_server/file_tree/file_tree.h"
#include "pump/include_server/lexer/scan.h"

namespace pump::include_server {

class ScanCache {
 public:
  /// The scan of the content `hash`; made from what `read` returns where there is none. nullptr where `read`
  /// fails.
  std::shared_ptr<const Scan> get(const ContentHash& hash, const ScanMode& mode,
                                  const std::function<std::shared_ptr<const std::string>()>& read);
  /// True where another worker is making it right now.
  bool being_made(const ContentHash& hash, const ScanMode& mode);

 private:
  struct Key {
    ContentHash hash;
    std::uint32_t mode = 0;
    bool operator==(const Key&) const = default;
  };
  struct HashKey {
    std::size_t operator()(const Key& key) const { return static_cast<std::size_t>(key.hash.low + key.mode); }
  };
  struct Shard {
    std::mutex mutex;
    std::vector<Key> being_made;
    tsl::robin_map<Key, std::shared_ptr<const Scan>, HashKey> scans;
    std::size_t sweep_at = 256;
  };
  std::array<Shard, 16> shards_;
};

}  // namespace pump::include_server
