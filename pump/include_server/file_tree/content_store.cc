#include "pump/include_server/file_tree/content_store.h"

#include <xxhash.h>

#include <algorithm>
#include <utility>

#include "pump/os/format.h"

namespace pump::include_server {

namespace {
/// The files of a translation unit are needed again for the mirror just after they were scanned. Keeping more
/// only uses more memory.
constexpr std::uint64_t kBytesKept = 3U << 20U;
}  // namespace

FileContent& ContentStore::content_of(const Entry& entry) {
  FileContent* content = entry.internal.content.load(std::memory_order_acquire);
  if (content != nullptr) return *content;
  const std::lock_guard lock(mutex_);
  content = entry.internal.content.load();
  if (content == nullptr) {
    content = &contents_.emplace_back();
    entry.internal.content.store(content, std::memory_order_release);
  }
  return *content;
}

Expected<FileVersion> ContentStore::read_version(const Entry& constant, FileContent& content) {
  auto& entry = const_cast<Entry&>(constant);  // only its atomic bookkeeping
  const std::string path = entry.path();
  if (!content.watch_tried) {
    content.watch_tried = true;
    const std::uint8_t here = entry.internal.flags.load();
    if ((here & (kUnwatched | kDead)) == 0) content.watch = watches_.add(path, {nullptr, &entry});
    // Replaced meanwhile: release_watch() may have run before the watch was stored.
    if (entry.changed_at.load() != 0) watches_.drop(content.watch.exchange(-1), {nullptr, &entry});
    if (content.watch < 0) flags_.set(entry, kUnwatchedContent, kUnwatchedContent);
  }
  const std::uint64_t now = clock_.tickets.load();
  if (content.order == 0)
    content.order = orders_.fetch_add(1) + 1;  // before the read: a later read sees a later content
  auto read = file_system_.read(path);
  if (!read) {
    const int code = read.error().code;
    if (code != ENOENT && code != ENOTDIR && code != ELOOP)
      return tl::make_unexpected(std::move(read).error());
    pending_.add_suspect(entry);
    return fail(os::format("'{}' vanished while it was being analysed", path), EAGAIN);
  }
  const XXH128_hash_t digest = XXH3_128bits(read->bytes.data(), read->bytes.size());
  const ContentHash hash{digest.low64, digest.high64};
  if (read->status != entry.status || (content.hashed.load() && hash != content.hash)) {
    pending_.add_suspect(entry);
    return fail(os::format("'{}' changed while it was being analysed", path), EAGAIN);
  }
  content.settled = read->settled;
  const bool final = read->settled || (read->exclusive && content.watch >= 0);
  flags_.set(entry, kUnsettled, final ? 0 : kUnsettled);
  if (!content.hashed.load()) {
    content.hash = hash;
    content.size = read->bytes.size();
    content.hashed.store(true, std::memory_order_release);
    entry.internal.validated_at.store(now, std::memory_order_release);
  }
  return FileVersion{hash, content.size, std::make_shared<const std::string>(std::move(read->bytes)),
                     content.order};
}

bool ContentStore::is_unchanged(Entry& entry) {
  if ((entry.internal.flags.load() & kUnsettled) == 0) return true;
  FileContent& content = content_of(entry);
  const std::lock_guard lock(content.mutex);
  return read_version(entry, content).has_value();
}

bool ContentStore::needs_reading(const Entry& entry) {
  FileContent* content = entry.internal.content.load(std::memory_order_acquire);
  if (content == nullptr) return false;
  if (!content->settled) return true;
  const int watch = content->watch;
  return watch >= 0 && watches_.current(entry.path(), true) != watch;
}

void ContentStore::release_watch(Entry& entry) {
  FileContent* content = entry.internal.content.load(std::memory_order_acquire);
  if (content != nullptr) watches_.drop(content->watch.exchange(-1), {nullptr, &entry});
}

void ContentStore::trim(std::uint64_t keep) {
  std::vector<FileContent*> holders;
  std::uint64_t size = 0;
  {
    const std::lock_guard lock(mutex_);
    holders.swap(with_bytes_);
    size = std::exchange(bytes_kept_, 0);
  }
  // Oldest first: what was loaded last belongs to current requests.
  const auto droppable = [&](FileContent* content) {
    if (size <= keep) return false;
    const std::unique_lock lock(content->mutex, std::try_to_lock);
    if (!lock || content->bytes.use_count() > 1) return false;
    content->bytes.reset();
    size -= content->size;
    return true;
  };
  holders.erase(std::remove_if(holders.begin(), holders.end(), droppable), holders.end());
  const std::lock_guard lock(mutex_);
  with_bytes_.insert(with_bytes_.begin(), holders.begin(), holders.end());
  bytes_kept_ += size;
}

Expected<FileVersion> ContentStore::load(const Entry& entry) {
  if (entry.kind != EntryKind::File)
    return fail(os::format("'{}' is not a regular file", entry.path()),
                entry.kind == EntryKind::Missing ? ENOENT : EINVAL);
  bool too_much = false;
  auto version = load(entry, too_much);
  if (too_much) trim(kBytesKept / 2);
  return version;
}

Expected<FileVersion> ContentStore::load(const Entry& entry, bool& too_much) {
  FileContent& content = content_of(entry);
  const std::lock_guard lock(content.mutex);
  if (content.bytes) return FileVersion{content.hash, content.size, content.bytes, content.order};
  auto version = read_version(entry, content);
  if (!version) return version;
  content.bytes = version->bytes;
  const std::lock_guard store_lock(mutex_);
  with_bytes_.push_back(&content);
  bytes_kept_ += content.size;
  too_much = bytes_kept_ > kBytesKept;
  return version;
}

bool ContentStore::was_read(const Entry& entry) {
  const FileContent* content = entry.internal.content.load(std::memory_order_acquire);
  return content != nullptr && content->hashed.load(std::memory_order_acquire);
}

std::uint64_t ContentStore::order_of(const Entry& entry) {
  return was_read(entry) ? entry.internal.content.load(std::memory_order_acquire)->order : 0;
}

Expected<ContentHash> ContentStore::hash(const Entry& entry) {
  const FileContent* content = entry.internal.content.load(std::memory_order_acquire);
  if (content != nullptr && content->hashed.load(std::memory_order_acquire)) return content->hash;
  PUMP_TRY(const FileVersion version, load(entry));
  return version.hash;
}

}  // namespace pump::include_server
