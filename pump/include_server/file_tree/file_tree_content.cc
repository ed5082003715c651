// File content: one read per version, whoever asks first.
#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>
#include <utility>

#include "pump/include_server/file_tree/file_tree_state.h"

namespace pump::include_server {

namespace {
/// A unit's own files are read again for the mirror just after they were scanned. More than that only touches
/// more memory.
constexpr std::uint64_t kBytesKept = 3U << 20U;
}  // namespace

FileContent& FileTree::State::content_of(const Entry& entry) {
  FileContent* content = entry.internal.content.load(std::memory_order_acquire);
  if (content != nullptr) return *content;
  const std::lock_guard lock(store);
  content = entry.internal.content.load();
  if (content == nullptr) {
    content = &contents.emplace_back();
    entry.internal.content.store(content, std::memory_order_release);
  }
  return *content;
}

Expected<FileVersion> FileTree::State::read_version(const Entry& constant, FileContent& content) {
  auto& entry = const_cast<Entry&>(constant);  // its bookkeeping only
  const std::string path = entry.path();
  if (!content.watch_tried) {
    content.watch_tried = true;
    const std::uint8_t here = entry.internal.flags.load();
    if ((here & (kUnwatched | kDead)) == 0) content.watch = add_watch(path, {nullptr, &entry});
    // Replaced meanwhile: whoever did that has released the watches already.
    if (entry.changed_at.load() != 0) drop_watch(content.watch.exchange(-1), {nullptr, &entry});
    if (content.watch < 0) set_flags(entry, kUnwatchedContent, kUnwatchedContent);
  }
  const std::uint64_t now = tickets.load();
  if (content.order == 0)
    content.order = orders.fetch_add(1) + 1;  // before the read: who reads later, knows more
  auto read = file_system.read(path);
  if (!read) {
    const int code = read.error().code;
    if (code != ENOENT && code != ENOTDIR && code != ELOOP)
      return tl::make_unexpected(std::move(read).error());
    suspect(entry);
    return fail(fmt::format("'{}' vanished while it was being analysed", path), EAGAIN);
  }
  const XXH128_hash_t digest = XXH3_128bits(read->bytes.data(), read->bytes.size());
  const ContentHash hash{digest.low64, digest.high64};
  if (read->status != entry.status || (content.hashed.load() && hash != content.hash)) {
    suspect(entry);
    return fail(fmt::format("'{}' changed while it was being analysed", path), EAGAIN);
  }
  content.settled = read->settled;
  const bool final = read->settled || (read->exclusive && content.watch >= 0);
  set_flags(entry, kUnsettled, final ? 0 : kUnsettled);
  if (!content.hashed.load()) {
    content.hash = hash;
    content.size = read->bytes.size();
    content.hashed.store(true, std::memory_order_release);
    entry.internal.validated_at.store(now, std::memory_order_release);
  }
  return FileVersion{hash, content.size, std::make_shared<const std::string>(std::move(read->bytes)),
                     content.order};
}

bool FileTree::State::content_unchanged(Entry& entry) {
  if ((entry.internal.flags.load() & kUnsettled) == 0) return true;
  FileContent& content = content_of(entry);
  const std::lock_guard lock(content.mutex);
  return read_version(entry, content).has_value();
}

bool FileTree::State::content_needs_reading(Entry& entry) {
  FileContent* content = entry.internal.content.load(std::memory_order_acquire);
  if (content == nullptr) return false;
  if (!content->settled) return true;
  const int watch = content->watch;
  return watch >= 0 && watch_again(entry.path(), true) != watch;
}

void FileTree::State::release_content_watch(Entry& entry) {
  FileContent* content = entry.internal.content.load(std::memory_order_acquire);
  if (content != nullptr) drop_watch(content->watch.exchange(-1), {nullptr, &entry});
}

void FileTree::State::trim(std::uint64_t keep) {
  std::vector<FileContent*> holders;
  std::uint64_t size = 0;
  {
    const std::lock_guard lock(store);
    holders.swap(with_bytes);
    size = std::exchange(bytes_kept, 0);
  }
  // Oldest first: what was loaded last belongs to requests under way.
  const auto droppable = [&](FileContent* content) {
    if (size <= keep) return false;
    const std::unique_lock lock(content->mutex, std::try_to_lock);
    if (!lock || content->bytes.use_count() > 1) return false;
    content->bytes.reset();
    size -= content->size;
    return true;
  };
  holders.erase(std::remove_if(holders.begin(), holders.end(), droppable), holders.end());
  const std::lock_guard lock(store);
  with_bytes.insert(with_bytes.begin(), holders.begin(), holders.end());
  bytes_kept += size;
}

Expected<FileVersion> FileTree::load(const Entry& entry) {
  if (entry.kind != EntryKind::File)
    return fail(fmt::format("'{}' is no regular file", entry.path()),
                entry.kind == EntryKind::Missing ? ENOENT : EINVAL);
  bool much = false;
  auto version = state_->load(entry, much);
  if (much) state_->trim(kBytesKept / 2);
  return version;
}

Expected<FileVersion> FileTree::State::load(const Entry& entry, bool& much) {
  FileContent& content = content_of(entry);
  const std::lock_guard lock(content.mutex);
  if (content.bytes) return FileVersion{content.hash, content.size, content.bytes, content.order};
  auto version = read_version(entry, content);
  if (!version) return version;
  content.bytes = version->bytes;
  const std::lock_guard store_lock(store);
  with_bytes.push_back(&content);
  bytes_kept += content.size;
  much = bytes_kept > kBytesKept;
  return version;
}

bool FileTree::was_read(const Entry& entry) {
  const FileContent* content = entry.internal.content.load(std::memory_order_acquire);
  return content != nullptr && content->hashed.load(std::memory_order_acquire);
}

std::uint64_t FileTree::order_of(const Entry& entry) {
  return was_read(entry) ? entry.internal.content.load(std::memory_order_acquire)->order : 0;
}

Expected<ContentHash> FileTree::hash(const Entry& entry) {
  const FileContent* content = entry.internal.content.load(std::memory_order_acquire);
  if (content != nullptr && content->hashed.load(std::memory_order_acquire)) return content->hash;
  PUMP_TRY(const FileVersion version, load(entry));
  return version.hash;
}

}  // namespace pump::include_server
