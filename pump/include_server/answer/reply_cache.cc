#include "pump/include_server/answer/reply_cache.h"

#include <xxhash.h>

#include <algorithm>
#include <utility>

#include "pump/include_server/unit/unit_builder.h"

namespace pump::include_server {
namespace {

constexpr std::size_t kMostEnvironments = 64;

}  // namespace

std::size_t CachedReply::bytes() const {
  return sizeof *this + (reply.encoded ? reply.encoded->capacity() : 0) + reply.detail.capacity() +
         depends.own.capacity() * sizeof depends.own[0] +
         depends.shared.capacity() * sizeof depends.shared[0];
}

bool Dependencies::unchanged_since(FileTree& tree, std::uint64_t generation) const {
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

KnownEnvironment::KnownEnvironment(os::Environment all)
    : variables(std::move(all)), key(UnitBuilder::environment_key(variables)) {}

KnownEnvironment::KnownEnvironment(std::string_view the_block)
    : block(the_block),
      variables(os::Environment::from_block(block)),
      key(UnitBuilder::environment_key(variables)) {}

std::shared_ptr<const KnownEnvironment> Environments::of(const Request& request) {
  if (request.environment_block.empty()) return std::make_shared<const KnownEnvironment>(request.environment);
  return of(request.environment_block);
}

std::shared_ptr<const KnownEnvironment> Environments::of(std::string_view block) {
  const std::uint64_t hash = XXH3_64bits(block.data(), block.size());
  {
    const std::lock_guard lock(mutex_);
    if (const auto found = known_.find(hash); found != known_.end() && found->second->block == block)
      return found->second;
  }
  auto made = std::make_shared<const KnownEnvironment>(block);
  const std::lock_guard lock(mutex_);
  if (known_.size() >= kMostEnvironments) known_.clear();
  known_[hash] = made;
  return made;
}

ContentHash request_key(std::string_view encoded, const KnownEnvironment& environment) {
  std::string text;
  text.reserve(encoded.size() + environment.key.size());
  text.append(encoded).append(environment.key);  // an encoded request tells where it ends
  const XXH128_hash_t hash = XXH3_128bits(text.data(), text.size());
  return {hash.low64, hash.high64};
}

}  // namespace pump::include_server
