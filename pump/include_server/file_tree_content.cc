// File content: one read per version, whoever asks first.
#include <fmt/format.h>
#include <xxhash.h>

#include "pump/include_server/file_tree_state.h"

namespace pump::include_server {

namespace {
constexpr std::uint64_t kBytesKept = 8U << 20U;
}

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
    if (entry.changed_at.load() != 0) drop_watch(std::exchange(content.watch, -1), {nullptr, &entry});
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
  const std::lock_guard lock(content->mutex);
  if (!content->settled) return true;
  if (content->watch < 0) return false;
  return watch_again(entry.path(), true) != content->watch;
}

void FileTree::State::release_content_watch(Entry& entry) {
  FileContent* content = entry.internal.content.load(std::memory_order_acquire);
  if (content == nullptr) return;
  const std::lock_guard lock(content->mutex);
  drop_watch(std::exchange(content->watch, -1), {nullptr, &entry});
}

void FileTree::State::trim() {
  std::vector<FileContent*> holders;
  {
    const std::lock_guard lock(store);
    holders.swap(with_bytes);
    bytes_kept = 0;
  }
  std::vector<FileContent*> kept;
  std::uint64_t size = 0;
  for (FileContent* content : holders) {
    const std::unique_lock lock(content->mutex, std::try_to_lock);
    if (lock && content->bytes.use_count() <= 1) {
      content->bytes.reset();
      continue;
    }
    kept.push_back(content);
    size += content->size;
  }
  const std::lock_guard lock(store);
  with_bytes.insert(with_bytes.end(), kept.begin(), kept.end());
  bytes_kept += size;
}

Expected<FileVersion> FileTree::load(const Entry& entry) {
  if (entry.kind != EntryKind::File)
    return fail(fmt::format("'{}' is no regular file", entry.path()),
                entry.kind == EntryKind::Missing ? ENOENT : EINVAL);
  FileContent& content = state_->content_of(entry);
  const std::lock_guard lock(content.mutex);
  if (content.bytes) return FileVersion{content.hash, content.size, content.bytes, content.order};
  auto version = state_->read_version(entry, content);
  if (!version) return version;
  content.bytes = version->bytes;
  bool much = false;
  {
    const std::lock_guard store_lock(state_->store);
    state_->with_bytes.push_back(&content);
    state_->bytes_kept += content.size;
    much = state_->bytes_kept > kBytesKept;
  }
  if (much) state_->trim();
  return version;
}

Expected<ContentHash> FileTree::hash(const Entry& entry) {
  const FileContent* content = entry.internal.content.load(std::memory_order_acquire);
  if (content != nullptr && content->hashed.load(std::memory_order_acquire)) return content->hash;
  PUMP_TRY(const FileVersion version, load(entry));
  return version.hash;
}

}  // namespace pump::include_server
