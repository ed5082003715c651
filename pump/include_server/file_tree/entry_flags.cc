#include "pump/include_server/file_tree/entry_flags.h"

namespace pump::include_server {

void EntryFlags::set(Entry& entry, std::uint8_t mask, std::uint8_t value) {
  const std::lock_guard lock(mutex_);
  if (entry.changed_at.load() != 0) return;
  const std::uint8_t before = entry.internal.flags.load();
  const auto after = static_cast<std::uint8_t>((before & ~mask) | (value & mask));
  entry.internal.flags.store(after, std::memory_order_release);
  if (before == 0 && after != 0) ++flagged_;
  if (before != 0 && after == 0) --flagged_;
}

void EntryFlags::mark_replaced(Entry& entry, std::uint8_t extra_flags) {
  const std::lock_guard lock(mutex_);
  const bool counted = entry.changed_at.exchange(kReplaced) == 0 && entry.internal.flags.load() != 0;
  entry.internal.flags.fetch_or(extra_flags);
  if (counted) --flagged_;
}

}  // namespace pump::include_server
