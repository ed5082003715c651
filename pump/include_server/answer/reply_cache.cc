#include "pump/include_server/answer/reply_cache.h"

#include <algorithm>
#include <utility>

namespace pump::include_server {

std::size_t CachedReply::bytes() const {
  return sizeof *this + (reply.encoded ? reply.encoded->capacity() : 0) + reply.detail.capacity() +
         dependencies.own.capacity() * sizeof dependencies.own[0] +
         dependencies.shared.capacity() * sizeof dependencies.shared[0];
}

void Dependencies::add(const std::vector<const Entry*>& entries) {
  own.insert(own.end(), entries.begin(), entries.end());
}

void Dependencies::add(const Unit& unit) {
  add(unit.consulted);
  add(unit.search->consulted);
}

bool Dependencies::unchanged_since(const FileTree::Snapshot& /*snapshot*/, FileTree& tree,
                                   std::uint64_t generation) const {
  return tree.all_unchanged_since(generation) ||
         (tree.unchanged_since(own, generation) &&
          std::all_of(shared.begin(), shared.end(),
                      [&](SharedEntries entries) { return tree.unchanged_since(*entries, generation); }));
}

std::shared_ptr<const CachedReply> ReplyCache::find(const ContentHash& key) {
  const std::lock_guard lock(mutex_);
  const auto found = index_.find(key);
  if (found == index_.end()) return nullptr;
  slots_.splice(slots_.begin(), slots_, found->second);
  return found->second->entry;
}

void ReplyCache::store(const ContentHash& key, std::shared_ptr<const CachedReply> entry) {
  const std::lock_guard lock(mutex_);
  if (const auto found = index_.find(key); found != index_.end()) drop(found->second);
  bytes_ += entry->bytes();
  slots_.push_front({key, std::move(entry)});
  index_[key] = slots_.begin();
  while (bytes_ > capacity_ && slots_.size() > 1) drop(std::prev(slots_.end()));
}

void ReplyCache::clear() {
  const std::lock_guard lock(mutex_);
  index_.clear();
  slots_.clear();
  bytes_ = 0;
}

std::size_t ReplyCache::bytes() const {
  const std::lock_guard lock(mutex_);
  return bytes_;
}

void ReplyCache::drop(std::list<Slot>::iterator slot) {
  bytes_ -= slot->entry->bytes();
  index_.erase(slot->key);
  slots_.erase(slot);
}

}  // namespace pump::include_server
