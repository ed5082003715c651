// Decision: what conflicts with something in one root goes to the next root; nothing is removed to make
// room. Rejected: replacing a link by a directory in place. Another reply may just have named the link, and
// to create files below a link that has not been removed would write into the user's own tree.
#include "pump/include_server/mirror/mirror.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <utility>
#include <vector>

#include "pump/distcc/distccd_protocol.h"
#include "pump/distcc/lzo.h"
#include "pump/include_server/mirror/copy_content.h"
#include "pump/os/file_io.h"
#include "pump/os/format.h"

namespace pump::include_server {

namespace {

constexpr unsigned kMostLinkTargets = 16;  // of one link; then the oldest is replaced
constexpr unsigned kMostRoots = 1024;

/// Equal for all versions of a copy. So the replacements count by their texts only: their positions depend on
/// the version.
std::string file_key(const std::string& real_path, const CopyEdits& edits) {
  std::string key;
  key.reserve(real_path.size() + edits.line_name.size() + edits.prologue.size() + 8);
  key.append(real_path).append(1, '\0').append(edits.line_name).append(1, '\0').append(edits.prologue);
  if (!edits.replacements.empty()) key += '\0';
  for (const Replacement& replacement : edits.replacements) key.append(replacement.text).append(1, '\n');
  if (!edits.replacements.empty()) key += '\0';
  if (edits.padding > 0) key += std::to_string(edits.padding);
  return key;
}

FileVersion replaced_in(FileVersion version, const std::vector<Replacement>& replacements) {
  version.bytes = std::make_shared<const std::string>(with_replacements(*version.bytes, replacements));
  const XXH128_hash_t digest = XXH3_128bits(version.bytes->data(), version.bytes->size());
  version.hash = {digest.low64, digest.high64};
  version.size = version.bytes->size();
  return version;
}

/// A temporary name that is removed unless it was renamed.
class Temporary {
 public:
  explicit Temporary(std::string path) : path_(std::move(path)) {}
  Temporary(const Temporary&) = delete;
  Temporary& operator=(const Temporary&) = delete;
  ~Temporary() {
    if (!path_.empty()) ::unlink(path_.c_str());
  }
  [[nodiscard]] const std::string& path() const { return path_; }
  /// 0, or rename(2)'s errno.
  int rename_to(const std::string& target) {
    if (::rename(path_.c_str(), target.c_str()) != 0) return errno;
    path_.clear();
    return 0;
  }

 private:
  std::string path_;
};

bool is_conflict(int code) {
  return code == ENOTDIR || code == EISDIR || code == EEXIST || code == ENOTEMPTY;
}

/// Writes a file that does not exist yet. If writing fails, `made` says whether the caller must remove it.
Status write_file(const std::string& path, const std::string& content, bool& made) {
  const os::UniqueFd fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!fd) return fail_errno(os::format("cannot create '{}'", path));
  made = true;
  const auto status = os::write_all(fd.get(), content);
  if (status) return {};
  return fail(os::format("cannot write to the mirror: {}", status.error().message), status.error().code);
}

}  // namespace

Expected<std::unique_ptr<Mirror>> Mirror::create(const std::string& client_tmp) {
  PUMP_TRY(std::string base, mirror_base(client_tmp));
  std::unique_ptr<Mirror> mirror(new Mirror(std::move(base)));
  remove_dead_roots(mirror->base_);
  auto first = mirror->get_root(0);
  if (!first && client_tmp.empty() && mirror->base_ != "/tmp") {
    mirror->base_ = "/tmp";
    remove_dead_roots(mirror->base_);
    first = mirror->get_root(0);
  }
  if (!first) return tl::make_unexpected(std::move(first).error());
  mirror->first_ = &(*first)->on_disk;
  return mirror;
}

Expected<std::string> Mirror::file(const std::string& real_path, const FileVersion& version,
                                   const CopyEdits& edits) {
  if (!edits.replacements.empty())
    return write_version(real_path, replaced_in(version, edits.replacements), edits);
  return write_version(real_path, version, edits);
}

Expected<std::string> Mirror::write_version(const std::string& real_path, const FileVersion& version,
                                            const CopyEdits& edits) {
  std::string key = file_key(real_path, edits);
  if (auto path = index_.find_version(key, version.hash, version.order)) return *std::move(path);
  const std::string name = name_of_copy(real_path, edits);
  const std::lock_guard lock(writer_of(name));
  if (auto path = index_.find_version(key, version.hash, version.order)) return *std::move(path);
  auto known = index_.find(key);
  if (known && !index_.claim(key, version.order)) {
    // The request began before the file changed. It gets the version it analysed, in another root.
    key += "outdated";
    known = index_.find(key);
    if (known && known->hash == version.hash) return known->path;
    if (known && !index_.claim(key, version.order))
      return fail(os::format("a later version of '{}' has been sent", real_path), EAGAIN);
  }
  PUMP_TRY(const std::string compressed, compressed_copy(*version.bytes, edits));
  return write_copy(key, name, known, version, compressed);
}

std::optional<std::string> Mirror::find(const std::string& real_path, const ContentHash& hash,
                                        const CopyEdits& edits, std::uint64_t order) {
  if (!edits.replacements.empty()) return std::nullopt;
  return index_.find_version(file_key(real_path, edits), hash, order);
}

bool Mirror::try_file(const std::string& real_path, const FileVersion& version, const CopyEdits& edits) {
  const std::string key = file_key(real_path, edits);
  const std::string name = name_of_copy(real_path, edits);
  const std::unique_lock lock(writer_of(name), std::try_to_lock);
  if (!lock || index_.find(key) || !edits.replacements.empty()) return false;
  const auto compressed = compressed_copy(*version.bytes, edits);
  return compressed && write_copy(key, name, std::nullopt, version, *compressed);
}

Expected<std::string> Mirror::link(const std::string& real_path, const std::string& target) {
  const std::string key = real_path + '\0' + target + '\0' + "link";
  if (const auto known = index_.find(key)) return known->path;
  const std::lock_guard lock(writer_of(real_path));
  if (const auto known = index_.find(key)) return known->path;
  PUMP_TRY(std::string path, place(real_path, target, &Mirror::put_link, kMostLinkTargets));
  index_.forget_path(path);
  index_.store(key, {{}, 0, 0, path, in_first_root(path)});
  return path;
}

Expected<std::string> Mirror::directory(const std::string& real_path) {
  const std::string key = real_path + '\0' + '\0' + "directory";
  if (const auto known = index_.find(key)) return known->path;
  const std::string name = (real_path == "/" ? "" : real_path) + std::string(distcc::kDirectoryMarker);
  const std::lock_guard lock(writer_of(name));
  if (const auto known = index_.find(key)) return known->path;
  PUMP_TRY(const std::string empty, distcc::lzo_compress({}));
  PUMP_TRY(std::string path, place(name, empty, &Mirror::put_file, kMostRoots));
  index_.store(key, {{}, 0, empty.size(), path, in_first_root(path)});
  return path;
}

void Mirror::store_entry(const Entry& entry, const std::string& real_path, const ContentHash& hash,
                         const CopyEdits& edits) {
  if (edits.replacements.empty()) index_.store_entry(entry, edits, file_key(real_path, edits), hash);
}

bool Mirror::intact() {
  if (watch_.lost_something()) damaged_ = true;
  return !damaged_.load() && first_->intact();
}

bool Mirror::whole() {
  if (damaged_.load()) return false;
  const std::lock_guard lock(structure_);
  const bool all =
      std::all_of(roots_.begin(), roots_.end(), [](const Root& root) { return root.on_disk.intact(); });
  if (!all) damaged_ = true;
  return all;
}

bool Mirror::in_first_root(std::string_view path) const {
  return path.starts_with(root()) && path.substr(root().size()).starts_with('/');
}

Expected<std::string> Mirror::write_copy(const std::string& key, const std::string& name,
                                         const std::optional<CopyIndex::Item>& known,
                                         const FileVersion& version, const std::string& compressed) {
  std::string path;
  if (known) {
    PUMP_CHECK(note_damage(replace_file(known->path, compressed)));
    path = known->path;
  } else {
    PUMP_TRY(path, place(name, compressed, &Mirror::put_file, kMostRoots));
  }
  index_.store(key, {version.hash, version.order, compressed.size(), path, in_first_root(path)});
  return path;
}

Expected<std::string> Mirror::place(const std::string& name, const std::string& content, Writer write,
                                    unsigned most_roots) {
  for (unsigned attempt = 0;; ++attempt) {
    std::string path;
    Status placed;
    {
      const std::lock_guard lock(structure_);
      unsigned number = taken_[name] + attempt;
      if (number >= most_roots) number %= most_roots;
      Root* in = nullptr;
      PUMP_TRY(in, get_root(number));
      path = in->on_disk.path() + name;
      placed = note_damage(make_parents(*in, name));
    }
    if (placed) placed = note_damage((this->*write)(path, content));
    if (placed) {
      const std::lock_guard lock(structure_);
      taken_[name] += attempt + 1;
      return path;
    }
    if (!is_conflict(placed.error().code) || attempt >= most_roots)
      return tl::make_unexpected(std::move(placed).error());
  }
}

Expected<Mirror::Root*> Mirror::get_root(unsigned number) {
  while (roots_.size() <= number) {
    if (roots_.size() >= kMostRoots) return fail("too many copies of one file in the mirror", EMFILE);
    PUMP_TRY(MirrorRoot made, MirrorRoot::create(base_, static_cast<unsigned>(roots_.size()) + 1));
    watch_.add(made.path());
    roots_.emplace_back(std::move(made));
  }
  return &roots_[number];
}

Status Mirror::make_parents(Root& in, std::string_view name) {
  const std::size_t last = name.rfind('/');
  if (last == 0 || last == std::string_view::npos) return {};
  const std::string_view directory = name.substr(0, last);
  if (in.directories.contains(directory)) return {};
  PUMP_CHECK(make_parents(in, directory));
  const std::string path = os::format("{}{}", in.on_disk.path(), directory);
  if (::mkdir(path.c_str(), 0700) != 0) {
    if (errno != EEXIST) return fail_errno(os::format("cannot make '{}'", path));
    struct stat st = {};
    if (::lstat(path.c_str(), &st) != 0 || !S_ISDIR(st.st_mode))
      return fail(os::format("'{}' is not a directory", path), ENOTDIR);
  }
  watch_.add(path);
  in.directories.emplace(directory);
  return {};
}

/// The file has its final name at once: no reply names it before it is complete.
Status Mirror::put_file(const std::string& path, const std::string& content) {
  bool made = false;
  Status status = write_file(path, content, made);
  if (!status && made) watch_.remove_own(path);
  return status;
}

Status Mirror::replace_file(const std::string& path, const std::string& content) {
  Temporary temporary(temporary_path());
  bool made = false;
  PUMP_CHECK(write_file(temporary.path(), content, made));
  if (const int code = temporary.rename_to(path); code != 0)
    return fail_errno(os::format("cannot replace '{}'", path), code);
  return {};
}

/// Replaces what stands there, if anything does.
Status Mirror::put_link(const std::string& path, const std::string& target) {
  if (::symlink(target.c_str(), path.c_str()) == 0) return {};
  if (errno != EEXIST) return fail_errno(os::format("cannot make the link '{}'", path));
  Temporary temporary(temporary_path());
  if (::symlink(target.c_str(), temporary.path().c_str()) != 0)
    return fail_errno(os::format("cannot make the link '{}'", temporary.path()));
  if (const int code = temporary.rename_to(path); code != 0)
    return fail_errno(os::format("cannot place '{}'", path), code);
  return {};
}

/// At the top of the first root: in practice no source's real path begins with such a name.
std::string Mirror::temporary_path() {
  return os::format("{}/{}{}", root(), MirrorWatch::kTemporary, temporaries_.fetch_add(1));
}

Status Mirror::note_damage(Status status) {
  if (!status && status.error().code == ENOENT) damaged_ = true;
  return status;
}

}  // namespace pump::include_server
