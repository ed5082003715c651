#include "pump/include_server/mirror/copy_index.h"

#include <algorithm>
#include <mutex>
#include <utility>

#include "pump/include_server/support/protocol.h"

namespace pump::include_server {

std::optional<CopyIndex::Item> CopyIndex::find(const std::string& key) const {
  const std::shared_lock lock(mutex_);
  const auto found = by_key_.find(key);
  if (found == by_key_.end() || found->second.gone) return std::nullopt;
  return found->second.item;
}

std::optional<std::string> CopyIndex::find_version(const std::string& key, const ContentHash& hash,
                                                   std::uint64_t order) {
  const std::lock_guard lock(mutex_);
  const auto found = by_key_.find(key);
  if (found == by_key_.end() || found->second.gone || found->second.item.hash != hash) return std::nullopt;
  Item& item = found->second.item;
  item.order = std::max(item.order, order);
  return item.path;
}

bool CopyIndex::claim(const std::string& key, std::uint64_t order) {
  const std::lock_guard lock(mutex_);
  Item& item = by_key_[key].item;
  const bool another_variant = item.order == order && item.hash != ContentHash{};
  if (order != 0 && (item.order > order || another_variant)) return false;
  item.hash = {};
  return true;
}

void CopyIndex::store(const std::string& key, Item item) {
  const std::lock_guard lock(mutex_);
  Stored& stored = by_key_[key];
  bytes_ += item.size;
  bytes_ -= stored.item.size;
  stored.item = std::move(item);
  stored.gone = false;
  stored.token.clear();
  append_token(stored.token, "ARGV", static_cast<std::uint32_t>(stored.item.path.size()));
  stored.token += stored.item.path;
  by_path_[stored.item.path] = &stored;
}

void CopyIndex::forget_path(const std::string& path) {
  const std::lock_guard lock(mutex_);
  const auto found = by_path_.find(path);
  if (found == by_path_.end()) return;
  found->second->gone = true;
  bytes_ -= std::exchange(found->second->item.size, 0);
  by_path_.erase(found);
}

void CopyIndex::store_entry(const Entry& entry, const CopyEdits& edits, const std::string& key,
                            const ContentHash& hash) {
  const std::lock_guard lock(mutex_);
  const auto found = by_key_.find(key);
  if (found == by_key_.end() || found->second.item.hash != hash) return;  // another version is there now
  by_entry_[EntryKey{&entry, std::string(edits.line_name), std::string(edits.prologue), edits.padding}] =
      &found->second;
}

std::uint64_t CopyIndex::bytes() const {
  const std::shared_lock lock(mutex_);
  return bytes_;
}

bool CopyIndex::Reader::append(std::string& reply, const Entry& entry, const ContentHash& hash,
                               const CopyEdits& edits, bool& first_root) const {
  if (!edits.replacements.empty()) return false;
  const auto found = index_.by_entry_.find(EntryView{&entry, edits.line_name, edits.prologue, edits.padding});
  if (found == index_.by_entry_.end() || found->second->gone || found->second->item.hash != hash)
    return false;
  reply += found->second->token;
  first_root = first_root && found->second->item.in_first_root;
  return true;
}

}  // namespace pump::include_server
