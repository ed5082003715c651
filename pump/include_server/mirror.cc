// Decision: one root is usual; a second, third … takes what cannot stand in the first: another spelling,
// padding or link target of a name that is in use, a directory where a link or file stands. So a path that
// was handed out is never made to mean something else than a later version of the same file, and all roots
// strip to the same names.
//
// Rejected: replacing a link by a directory in place: another request may just have been told of the link,
// and creating files "below" a link that has not been removed would write into the user's own tree.
#include "pump/include_server/mirror.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <tsl/robin_map.h>
#include <tsl/robin_set.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstdio>
#include <deque>
#include <mutex>
#include <shared_mutex>

#include "pump/include_server/line_directive.h"
#include "pump/include_server/lzo.h"
#include "pump/include_server/mirror_root.h"
#include "pump/os/file_io.h"

namespace pump::include_server {

namespace {

constexpr std::string_view kForcedDirectory = "/forcing_technique_271828";
constexpr std::string_view kTemporary = ".pump-temporary-";
constexpr unsigned kMaxRoots = 1024;
constexpr unsigned kLinkTargets = 16;  // of one link, before the oldest gives way

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

}  // namespace

struct Mirror::State {
  struct Slot {
    ContentHash hash;
    std::uint64_t order = 0;
    std::uint64_t size = 0;
    std::string path;
  };
  struct Root {
    explicit Root(MirrorRoot made) : root(std::move(made)) {}
    MirrorRoot root;
    tsl::robin_set<std::string> directories;  ///< made, and known to be real directories
  };
  /// Writes what is to be placed under the given temporary name.
  using Writer = Status (*)(const std::string& temporary, const std::string& content);

  std::string base;
  std::mutex structure;  ///< directories, renames, `roots`
  std::deque<Root> roots;
  std::atomic<Root*> first{nullptr};
  tsl::robin_map<std::string, unsigned> taken;  ///< name in a root -> roots in which it stands

  mutable std::shared_mutex indexed;
  tsl::robin_map<std::string, Slot> index;
  std::array<std::mutex, 64>
      writing;  ///< by name in a root: each file is compressed once, one variant at a time
  std::atomic<std::uint64_t> written{0};
  std::atomic<std::uint64_t> temporaries{0};

  Expected<Root*> root(unsigned number);
  static Status make_parents(Root& in, std::string_view name);
  /// Puts `content` under `name` into the first root from the wanted one on in which nothing else is in the
  /// way.
  Expected<std::string> place(const std::string& name, const std::string& content, Writer write,
                              unsigned roots_at_most);
  Expected<std::string> place_in(Root& in, const std::string& name, Temporary& temporary);
  std::mutex& writer_of(const std::string& name) {
    return writing[std::hash<std::string>()(name) % writing.size()];
  }
  std::optional<Slot> slot(const std::string& key) const;
  void remember(const std::string& key, Slot slot);
  void forget_path(const std::string& path);
};

namespace {

std::string file_key(const std::string& real_path, std::string_view spelled, unsigned padding,
                     std::string_view prologue) {
  std::string key;
  key.reserve(real_path.size() + spelled.size() + prologue.size() + 8);
  key.append(real_path).append(1, '\0').append(spelled).append(1, '\0').append(prologue);
  if (padding > 0) key += std::to_string(padding);
  return key;
}

Expected<std::string> compressed_copy(const std::string& bytes, std::string_view spelled, unsigned padding,
                                      std::string_view prologue) {
  if (spelled.empty() && padding == 0) return lzo_compress(bytes);
  std::string text = spelled.empty() ? bytes : with_line_directive(bytes, spelled, prologue);
  text.append(padding, '\n');
  return lzo_compress(text);
}

Status write_file(const std::string& temporary, const std::string& content) {
  const os::UniqueFd fd(
      ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!fd) return fail_errno(fmt::format("cannot create '{}'", temporary));
  const auto status = os::write_all(fd.get(), content);
  if (!status)
    return fail(fmt::format("cannot write to the mirror: {}", status.error().message), status.error().code);
  return {};
}

Status write_link(const std::string& temporary, const std::string& target) {
  if (::symlink(target.c_str(), temporary.c_str()) != 0)
    return fail_errno(fmt::format("cannot make the link '{}'", temporary));
  return {};
}

}  // namespace

std::optional<Mirror::State::Slot> Mirror::State::slot(const std::string& key) const {
  const std::shared_lock lock(indexed);
  const auto found = index.find(key);
  if (found == index.end()) return std::nullopt;
  return found->second;
}

void Mirror::State::remember(const std::string& key, Slot slot) {
  written += slot.size;
  const std::unique_lock lock(indexed);
  Slot& known = index[key];
  written -= known.size;
  known = std::move(slot);
}

void Mirror::State::forget_path(const std::string& path) {
  const std::unique_lock lock(indexed);
  for (auto entry = index.begin(); entry != index.end();)
    entry = entry->second.path == path ? index.erase(entry) : std::next(entry);
}

Expected<Mirror::State::Root*> Mirror::State::root(unsigned number) {
  while (roots.size() <= number) {
    if (roots.size() >= kMaxRoots) return fail("too many variants of one file in the mirror", EMFILE);
    PUMP_TRY(MirrorRoot made, MirrorRoot::create(base, static_cast<unsigned>(roots.size()) + 1));
    roots.emplace_back(std::move(made));
  }
  return &roots[number];
}

Status Mirror::State::make_parents(Root& in, std::string_view name) {
  for (std::size_t slash = name.find('/', 1); slash != std::string_view::npos;
       slash = name.find('/', slash + 1)) {
    std::string directory(name.substr(0, slash));
    if (in.directories.contains(directory)) continue;
    const std::string path = in.root.path() + directory;
    if (::mkdir(path.c_str(), 0700) != 0) {
      if (errno != EEXIST) return fail_errno(fmt::format("cannot make '{}'", path));
      struct stat st = {};
      if (::lstat(path.c_str(), &st) != 0 || !S_ISDIR(st.st_mode))
        return fail(fmt::format("'{}' is no directory", path), ENOTDIR);
    }
    in.directories.insert(std::move(directory));
  }
  return {};
}

Expected<std::string> Mirror::State::place_in(Root& in, const std::string& name, Temporary& temporary) {
  PUMP_CHECK(make_parents(in, name));
  std::string path = in.root.path() + name;
  const int code = temporary.rename_to(path);
  if (code != 0) return fail_errno(fmt::format("cannot place '{}'", path), code);
  return path;
}

Expected<std::string> Mirror::State::place(const std::string& name, const std::string& content, Writer write,
                                           unsigned roots_at_most) {
  for (unsigned attempt = 0;; ++attempt) {
    unsigned number = 0;
    Root* in = nullptr;
    {
      const std::lock_guard lock(structure);
      number = taken[name] + attempt;
      if (number >= roots_at_most) number %= roots_at_most;
      PUMP_TRY(in, root(number));
    }
    // At the top, where no source's real path has a component of this name in practice.
    Temporary temporary(fmt::format("{}/{}{}", in->root.path(), kTemporary, temporaries.fetch_add(1)));
    PUMP_CHECK(write(temporary.path(), content));
    const std::lock_guard lock(structure);
    auto path = place_in(*in, name, temporary);
    if (path) taken[name] += attempt + 1;
    if (path || !is_conflict(path.error().code) || attempt >= roots_at_most) return path;
  }
}

Expected<std::unique_ptr<Mirror>> Mirror::create(const std::string& client_tmp) {
  auto state = std::make_unique<State>();
  PUMP_TRY(state->base, mirror_base(client_tmp));
  remove_dead_roots(state->base);
  auto first = state->root(0);
  if (!first && client_tmp.empty() && state->base != "/tmp") {
    state->base = "/tmp";
    remove_dead_roots(state->base);
    first = state->root(0);
  }
  if (!first) return tl::make_unexpected(std::move(first).error());
  state->first = *first;
  return std::unique_ptr<Mirror>(new Mirror(std::move(state)));
}

Mirror::Mirror(std::unique_ptr<State> state) : state_(std::move(state)) {}
Mirror::~Mirror() = default;

std::optional<std::string> Mirror::find(const std::string& real_path, const ContentHash& hash,
                                        std::string_view spelled, unsigned padding,
                                        std::string_view prologue) const {
  const std::shared_lock lock(state_->indexed);
  const auto found = state_->index.find(file_key(real_path, spelled, padding, prologue));
  if (found == state_->index.end() || found->second.hash != hash) return std::nullopt;
  return found->second.path;
}

Expected<std::string> Mirror::file(const std::string& real_path, const FileVersion& version,
                                   std::string_view spelled, unsigned padding, std::string_view prologue) {
  if (auto path = find(real_path, version.hash, spelled, padding, prologue)) return *std::move(path);
  std::string key = file_key(real_path, spelled, padding, prologue);
  const std::string name = real_path + (spelled.empty() ? ".lzo" : ".lzo.abs");
  const std::lock_guard lock(state_->writer_of(name));
  auto known = state_->slot(key);
  if (known && known->hash == version.hash) return known->path;
  if (known && version.order != 0 && known->order > version.order) {
    // A request that began before the file changed: it gets the version it analysed, beside the current one.
    key += "outdated";
    known = state_->slot(key);
    if (known && known->hash == version.hash) return known->path;
  }
  PUMP_TRY(const std::string compressed, compressed_copy(*version.bytes, spelled, padding, prologue));
  std::string path;
  if (known) {
    // In place of the version before, in whatever root that stands.
    Temporary temporary(fmt::format("{}/{}{}", root(), kTemporary, state_->temporaries.fetch_add(1)));
    PUMP_CHECK(write_file(temporary.path(), compressed));
    if (const int code = temporary.rename_to(known->path); code != 0)
      return fail_errno(fmt::format("cannot replace '{}'", known->path), code);
    path = known->path;
  } else {
    PUMP_TRY(path, state_->place(name, compressed, write_file, kMaxRoots));
  }
  state_->remember(key, {version.hash, version.order, compressed.size(), path});
  return path;
}

Expected<std::string> Mirror::link(const std::string& real_path, const std::string& target) {
  std::string key = real_path + '\0' + target + '\0' + "link";
  if (const auto known = state_->slot(key)) return known->path;
  const std::lock_guard lock(state_->writer_of(real_path));
  if (const auto known = state_->slot(key)) return known->path;
  PUMP_TRY(std::string path, state_->place(real_path, target, write_link, kLinkTargets));
  state_->forget_path(path);
  state_->remember(key, {{}, 0, 0, path});
  return path;
}

Expected<std::string> Mirror::directory(const std::string& real_path) {
  const std::string key = real_path + '\0' + '\0' + "directory";
  if (const auto known = state_->slot(key)) return known->path;
  const std::string name = (real_path == "/" ? "" : real_path) + std::string(kForcedDirectory);
  const std::lock_guard lock(state_->writer_of(name));
  if (const auto known = state_->slot(key)) return known->path;
  PUMP_TRY(const std::string empty, lzo_compress({}));
  PUMP_TRY(std::string path, state_->place(name, empty, write_file, kMaxRoots));
  state_->remember(key, {{}, 0, empty.size(), path});
  return path;
}

bool Mirror::intact() const {
  const std::lock_guard lock(state_->structure);
  for (const State::Root& root : state_->roots)
    if (!root.root.intact()) return false;
  return true;
}

std::uint64_t Mirror::bytes() const {
  return state_->written;
}
const std::string& Mirror::root() const {
  return state_->first.load()->root.path();
}

}  // namespace pump::include_server
