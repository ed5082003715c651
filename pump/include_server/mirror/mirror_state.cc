#include "pump/include_server/mirror/mirror_state.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <utility>

#include "pump/include_server/support/protocol.h"
#include "pump/os/file_io.h"

namespace pump::include_server {

namespace {

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

/// Where nothing is yet; under its final name at once, because nobody is told of it before it is complete.
/// `made`: the caller removes it where this fails.
Status write_file(const std::string& path, const std::string& content, bool& made) {
  const os::UniqueFd fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!fd) return fail_errno(fmt::format("cannot create '{}'", path));
  made = true;
  const auto status = os::write_all(fd.get(), content);
  if (status) return {};
  return fail(fmt::format("cannot write to the mirror: {}", status.error().message), status.error().code);
}

}  // namespace

Status Mirror::State::put_file(const std::string& path, const std::string& content) {
  bool made = false;
  Status status = write_file(path, content, made);
  if (!status && made) watch.remove_own(path);
  return status;
}

Status Mirror::State::replace_file(const std::string& path, const std::string& content) {
  Temporary temporary(temporary_path());
  bool made = false;
  PUMP_CHECK(write_file(temporary.path(), content, made));
  if (const int code = temporary.rename_to(path); code != 0)
    return fail_errno(fmt::format("cannot replace '{}'", path), code);
  return {};
}

/// At the top, where no source's real path has a component of this name in practice.
std::string Mirror::State::temporary_path() {
  return fmt::format("{}/{}{}", first.load()->root.path(), MirrorWatch::kTemporary, temporaries.fetch_add(1));
}

/// In place of what stands there, if anything does.
Status Mirror::State::put_link(const std::string& path, const std::string& target) {
  if (::symlink(target.c_str(), path.c_str()) == 0) return {};
  if (errno != EEXIST) return fail_errno(fmt::format("cannot make the link '{}'", path));
  Temporary temporary(temporary_path());
  if (::symlink(target.c_str(), temporary.path().c_str()) != 0)
    return fail_errno(fmt::format("cannot make the link '{}'", temporary.path()));
  if (const int code = temporary.rename_to(path); code != 0)
    return fail_errno(fmt::format("cannot place '{}'", path), code);
  return {};
}

std::optional<Mirror::State::Slot> Mirror::State::slot(const std::string& key) const {
  const std::shared_lock lock(indexed);
  const auto found = index.find(key);
  if (found == index.end() || found->second.gone) return std::nullopt;
  return found->second;
}

std::optional<std::string> Mirror::State::find(const std::string& key, const ContentHash& hash,
                                               std::uint64_t order) {
  const std::lock_guard lock(indexed);
  const auto found = index.find(key);
  if (found == index.end() || found->second.gone || found->second.hash != hash) return std::nullopt;
  found->second.order = std::max(found->second.order, order);
  return found->second.path;
}

bool Mirror::State::claim(const std::string& key, std::uint64_t order) {
  const std::lock_guard lock(indexed);
  Slot& slot = index[key];
  const bool another_variant = slot.order == order && slot.hash != ContentHash{};
  if (order != 0 && (slot.order > order || another_variant)) return false;
  slot.hash = {};
  return true;
}

Expected<std::string> Mirror::State::put_copy(const std::string& key, const std::string& name,
                                              const std::optional<Slot>& known, const FileVersion& version,
                                              const std::string& compressed) {
  std::string path;
  if (known) {
    // In whatever root that stands.
    PUMP_CHECK(noticed(replace_file(known->path, compressed)));
    path = known->path;
  } else {
    PUMP_TRY(path, place(name, compressed, &State::put_file, kMaxRoots));
  }
  remember(key, {version.hash, version.order, compressed.size(), path, {}});
  return path;
}

void Mirror::State::remember(const std::string& key, Slot slot) {
  written += slot.size;
  const std::lock_guard lock(indexed);
  Slot& known = index[key];
  written -= known.size;
  known = std::move(slot);
  known.in_first_root = known.path.starts_with(first.load()->root.path() + '/');
  append_token(known.token, "ARGV", static_cast<std::uint32_t>(known.path.size()));
  known.token += known.path;
  by_path[known.path] = &known;
}

void Mirror::State::forget_path(const std::string& path) {
  const std::lock_guard lock(indexed);
  const auto found = by_path.find(path);
  if (found == by_path.end()) return;
  found->second->gone = true;
  written -= std::exchange(found->second->size, 0);
  by_path.erase(found);
}

Status Mirror::State::noticed(Status status) {
  if (!status && status.error().code == ENOENT) damaged = true;
  return status;
}

Expected<Mirror::State::Root*> Mirror::State::root(unsigned number) {
  while (roots.size() <= number) {
    if (roots.size() >= kMaxRoots) return fail("too many variants of one file in the mirror", EMFILE);
    PUMP_TRY(MirrorRoot made, MirrorRoot::create(base, static_cast<unsigned>(roots.size()) + 1));
    watch.add(made.path());
    roots.emplace_back(std::move(made));
  }
  return &roots[number];
}

Status Mirror::State::make_parents(Root& in, std::string_view name) {
  const std::size_t last = name.rfind('/');
  if (last == 0 || last == std::string_view::npos) return {};
  const std::string_view directory = name.substr(0, last);
  if (in.directories.contains(directory)) return {};
  PUMP_CHECK(make_parents(in, directory));
  const std::string path = fmt::format("{}{}", in.root.path(), directory);
  if (::mkdir(path.c_str(), 0700) != 0) {
    if (errno != EEXIST) return fail_errno(fmt::format("cannot make '{}'", path));
    struct stat st = {};
    if (::lstat(path.c_str(), &st) != 0 || !S_ISDIR(st.st_mode))
      return fail(fmt::format("'{}' is no directory", path), ENOTDIR);
  }
  watch.add(path);
  in.directories.emplace(directory);
  return {};
}

Expected<std::string> Mirror::State::place(const std::string& name, const std::string& content, Writer write,
                                           unsigned roots_at_most) {
  for (unsigned attempt = 0;; ++attempt) {
    std::string path;
    Status placed;
    {
      const std::lock_guard lock(structure);
      unsigned number = taken[name] + attempt;
      if (number >= roots_at_most) number %= roots_at_most;
      Root* in = nullptr;
      PUMP_TRY(in, root(number));
      path = in->root.path() + name;
      placed = noticed(make_parents(*in, name));
    }
    if (placed) placed = noticed((this->*write)(path, content));
    if (placed) {
      const std::lock_guard lock(structure);
      taken[name] += attempt + 1;
      return path;
    }
    if (!is_conflict(placed.error().code) || attempt >= roots_at_most)
      return tl::make_unexpected(std::move(placed).error());
  }
}

}  // namespace pump::include_server
