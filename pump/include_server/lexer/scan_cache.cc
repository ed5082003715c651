#include "pump/include_server/lexer/scan_cache.h"

#include <algorithm>
#include <chrono>

namespace pump::include_server {

std::shared_ptr<const Scan> ScanCache::get(const ContentHash& hash, const ScanMode& mode,
                                           const ReadBytes& read) {
  const Key key{hash, mode.bits()};
  Shard& shard = shards_[hash.high % shards_.size()];
  std::promise<ScanPointer> promise;
  {
    std::unique_lock lock(shard.mutex);
    if (const auto found = shard.scans.find(key); found != shard.scans.end()) {
      const std::shared_future<ScanPointer> scan = found->second;
      lock.unlock();
      // The thread that made it may have failed to read its version of the file; this one may succeed.
      if (ScanPointer made = scan.get()) return made;
      const std::shared_ptr<const std::string> bytes = read();
      return bytes ? scan_text(*bytes, mode) : nullptr;
    }
    shard.scans.emplace(key, promise.get_future().share());
    if (shard.scans.size() > shard.sweep_at) drop_unused(shard);
  }
  ScanPointer scan;
  try {
    if (const std::shared_ptr<const std::string> bytes = read()) scan = scan_text(*bytes, mode);
  } catch (...) {
    promise.set_value(nullptr);
    const std::lock_guard lock(shard.mutex);
    shard.scans.erase(key);
    throw;
  }
  promise.set_value(scan);
  if (!scan) {
    const std::lock_guard lock(shard.mutex);
    shard.scans.erase(key);
  }
  return scan;
}

/// Drops the scans that no thread holds: those of file versions that have been replaced.
void ScanCache::drop_unused(Shard& shard) {
  for (auto entry = shard.scans.begin(); entry != shard.scans.end();) {
    const auto& scan = entry->second;
    const bool made = scan.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
    entry = made && scan.get().use_count() == 1 ? shard.scans.erase(entry) : std::next(entry);
  }
  shard.sweep_at = std::max<std::size_t>(256, shard.scans.size() * 2);
}

}  // namespace pump::include_server
