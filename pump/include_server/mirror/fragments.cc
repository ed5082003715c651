#include "pump/include_server/mirror/fragments.h"

#include <xxhash.h>

#include <cerrno>
#include <climits>

#include "pump/distcc/distccd_protocol.h"
#include "pump/include_server/mirror/copy_content.h"
#include "pump/os/format.h"

namespace pump::include_server {
namespace {

using distcc::Extent;

/// distccd makes the file below a directory of its own, which makes the name longer.
constexpr std::size_t kLongestName = PATH_MAX - 256;

ContentHash hash_of(std::string_view bytes) {
  const XXH128_hash_t digest = XXH3_128bits(bytes.data(), bytes.size());
  return {digest.low64, digest.high64};
}

template <typename Number>
void append_number(std::string& to, Number number) {
  to.append(reinterpret_cast<const char*>(&number), sizeof number);
}

void append_text(std::string& to, std::string_view text) {
  append_number(to, text.size());
  to += text;
}

/// `subject`: what identifies the file.
ContentHash key_of(std::string_view subject, const ContentHash& hash, const CopyEdits& edits) {
  thread_local std::string made_of;  // keeps its capacity
  made_of = "file";
  append_text(made_of, subject);
  append_number(made_of, hash.low);
  append_number(made_of, hash.high);
  append_text(made_of, edits.line_name);
  append_text(made_of, edits.prologue);
  append_number(made_of, edits.padding);
  for (const Replacement& replacement : edits.replacements) {
    append_number(made_of, replacement.begin);
    append_number(made_of, replacement.end);
    append_text(made_of, replacement.text);
  }
  return hash_of(made_of);
}

/// Unlike a path, an entry's address is at hand.
ContentHash key_of(const Entry& entry, const ContentHash& hash, const CopyEdits& edits) {
  const Entry* const address = &entry;
  return key_of({reinterpret_cast<const char*>(&address), sizeof address}, hash, edits);
}

}  // namespace

Expected<std::shared_ptr<Fragments>> Fragments::create() {
  PUMP_TRY(std::unique_ptr<FragmentFile> file, FragmentFile::create());
  return std::make_shared<Fragments>(std::move(file));
}

std::optional<Extent> Fragments::Reader::find(const Entry& entry, const ContentHash& hash,
                                              const CopyEdits& edits) const {
  const auto found = fragments_.extents_.find(key_of(entry, hash, edits));
  if (found == fragments_.extents_.end()) return std::nullopt;
  return found->second;
}

std::optional<Extent> Fragments::known(const ContentHash& key) const {
  const std::shared_lock lock(mutex_);
  const auto found = extents_.find(key);
  if (found == extents_.end()) return std::nullopt;
  return found->second;
}

std::optional<Extent> Fragments::find(const Entry& entry, const ContentHash& hash, const CopyEdits& edits) {
  const ContentHash by_entry = key_of(entry, hash, edits);
  if (const auto extent = known(by_entry)) return extent;
  const auto extent = known(key_of(entry.path(), hash, edits));
  if (!extent) return std::nullopt;
  const std::lock_guard lock(mutex_);
  extents_[by_entry] = *extent;
  return extent;
}

Expected<Extent> Fragments::file(const Entry& entry, const FileVersion& version, const CopyEdits& edits) {
  const std::string path = entry.path();
  const ContentHash by_path = key_of(path, version.hash, edits);
  const std::lock_guard lock(writer_of(by_path));
  if (const auto extent = find(entry, version.hash, edits)) return *extent;
  return write_file(key_of(entry, version.hash, edits), by_path, path, version, edits);
}

bool Fragments::try_file(const Entry& entry, const FileVersion& version, const CopyEdits& edits) {
  const std::string path = entry.path();
  const ContentHash by_path = key_of(path, version.hash, edits);
  const std::unique_lock lock(writer_of(by_path), std::try_to_lock);
  if (!lock || find(entry, version.hash, edits)) return false;
  return write_file(key_of(entry, version.hash, edits), by_path, path, version, edits).has_value();
}

Expected<Extent> Fragments::write_file(const ContentHash& by_entry, const ContentHash& by_path,
                                       const std::string& path, const FileVersion& version,
                                       const CopyEdits& edits) {
  PUMP_TRY(const std::string compressed,
           edits.replacements.empty()
               ? compressed_copy(*version.bytes, edits)
               : compressed_copy(with_replacements(*version.bytes, edits.replacements), edits));
  PUMP_TRY(const Extent extent,
           append(by_path, path, distcc::encode_file_header(path, compressed.size()), compressed));
  const std::lock_guard lock(mutex_);
  extents_[by_entry] = extent;
  return extent;
}

Expected<Extent> Fragments::link(const std::string& path, const std::string& target) {
  const ContentHash key = hash_of("link" + path + '\0' + target);
  const std::lock_guard lock(writer_of(key));
  if (const auto extent = known(key)) return *extent;
  return append(key, path, distcc::encode_link(path, target), {});
}

Expected<Extent> Fragments::directory(const std::string& path) {
  const ContentHash key = hash_of("directory" + path);
  const std::lock_guard lock(writer_of(key));
  if (const auto extent = known(key)) return *extent;
  const std::string name = (path == "/" ? "" : path) + std::string(distcc::kDirectoryMarker);
  return append(key, name, distcc::encode_file_header(name, 0), {});
}

Expected<Extent> Fragments::append(const ContentHash& key, const std::string& name, std::string_view header,
                                   std::string_view content) {
  if (name.size() > kLongestName)
    return fail(os::format("the name '{}' is too long for a server", name), ENAMETOOLONG);
  Expected<Extent> extent;
  {
    const std::lock_guard lock(appending_);
    extent = file_->append(header, content);
  }
  if (!extent) return extent;
  const std::lock_guard lock(mutex_);
  extents_[key] = *extent;
  return extent;
}

}  // namespace pump::include_server
