#include "pump/include_server/lexer/scan_cache.h"

#include <algorithm>
#include <thread>

namespace pump::include_server {
namespace {
constexpr unsigned kLooks = 200;  // some 100 us: most scans take less
}

std::shared_ptr<const Scan> ScanCache::get(const ContentHash& hash, const ScanMode& mode,
                                           const std::function<std::shared_ptr<const std::string>()>& read) {
  const Key key{hash, mode.bits()};
  Shard& shard = shards_[hash.high % shards_.size()];
  // Scanned without the lock. Who comes meanwhile waits for a while, because the other one will be done
  // before he would be; but not for ever, because the other one may have lost its processor.
  for (unsigned looks = 0;; ++looks) {
    if (looks != 0) std::this_thread::yield();
    const std::lock_guard lock(shard.mutex);
    if (const auto found = shard.scans.find(key); found != shard.scans.end()) return found->second;
    const bool ours =
        std::find(shard.being_made.begin(), shard.being_made.end(), key) == shard.being_made.end();
    if (ours || looks == kLooks) {
      shard.being_made.push_back(key);
      break;
    }
  }
  const struct Made {
    Shard& shard;
    const Key& key;
    ~Made() {
      const std::lock_guard lock(shard.mutex);
      shard.being_made.erase(std::find(shard.being_made.begin(), shard.being_made.end(), key));
    }
  } made{shard, key};
  const std::shared_ptr<const std::string> bytes = read();
  if (!bytes) return nullptr;
  std::shared_ptr<const Scan> scan = scan_text(*bytes, mode);
  const std::lock_guard lock(shard.mutex);
  const auto [position, inserted] = shard.scans.emplace(key, std::move(scan));
  std::shared_ptr<const Scan> kept = position->second;
  if (shard.scans.size() > shard.sweep_at) {
    // Versions that no worker holds any more: their files have changed.
    for (auto i = shard.scans.begin(); i != shard.scans.end();)
      i = i->second.use_count() == 1 ? shard.scans.erase(i) : std::next(i);
    shard.sweep_at = std::max<std::size_t>(256, shard.scans.size() * 2);
  }
  return kept;
}

bool ScanCache::being_made(const ContentHash& hash, const ScanMode& mode) {
  const Key key{hash, mode.bits()};
  Shard& shard = shards_[hash.high % shards_.size()];
  const std::lock_guard lock(shard.mutex);
  return std::find(shard.being_made.begin(), shard.being_made.end(), key) != shard.being_made.end();
}

}  // namespace pump::include_server
