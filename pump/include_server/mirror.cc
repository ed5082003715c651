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

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdio>
#include <deque>
#include <mutex>
#include <shared_mutex>
#include <unordered_map>

#include "pump/include_server/line_directive.h"
#include "pump/include_server/lzo.h"
#include "pump/include_server/mirror_root.h"
#include "pump/include_server/protocol.h"
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

/// A copy by what a request knows of it without building a string.
struct CopyView {
  const Entry* entry;
  std::string_view spelled, prologue;
  unsigned padding;
};
struct CopyKey {
  const Entry* entry;
  std::string spelled, prologue;
  unsigned padding;
};
struct CopyHash {
  std::size_t operator()(const auto& copy) const {
    return (reinterpret_cast<std::uintptr_t>(copy.entry) >> 4U) * 0x9E3779B97F4A7C15U >> 20U;
  }
};
struct CopyEqual {
  using is_transparent = void;
  bool operator()(const auto& a, const auto& b) const {
    return a.entry == b.entry && a.padding == b.padding && a.spelled == b.spelled && a.prologue == b.prologue;
  }
};

struct TextHash {
  std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
};
struct TextEqual {
  using is_transparent = void;
  bool operator()(std::string_view a, std::string_view b) const { return a == b; }
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
    std::string token;  ///< the path as it stands in a reply
    bool in_first_root = false;
    bool gone = false;  ///< something else stands at the path
  };
  struct Root {
    explicit Root(MirrorRoot made) : root(std::move(made)) {}
    MirrorRoot root;
    tsl::robin_set<std::string, TextHash, TextEqual> directories;  ///< made, and known to be real directories
  };
  /// Makes what is to stand at the given path.
  using Writer = Status (State::*)(const std::string& path, const std::string& content);

  std::string base;
  std::mutex structure;  ///< directories, `roots`, `taken`
  std::deque<Root> roots;
  std::atomic<Root*> first{nullptr};
  std::atomic<bool> damaged{false};             ///< a root is missing
  tsl::robin_map<std::string, unsigned> taken;  ///< name in a root -> roots in which it stands

  mutable std::shared_mutex indexed;
  std::unordered_map<std::string, Slot> index;  ///< the slots' addresses last
  tsl::robin_map<CopyKey, const Slot*, CopyHash, CopyEqual> by_entry;
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
  Status put_file(const std::string& path, const std::string& content);
  Status put_link(const std::string& path, const std::string& target);
  /// At the top, where no source's real path has a component of this name in practice.
  std::string temporary_path() {
    return fmt::format("{}/{}{}", first.load()->root.path(), kTemporary, temporaries.fetch_add(1));
  }
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

/// Where nothing is yet; under its final name at once, because nobody is told of it before it is complete.
Status write_file(const std::string& path, const std::string& content) {
  const os::UniqueFd fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!fd) return fail_errno(fmt::format("cannot create '{}'", path));
  const auto status = os::write_all(fd.get(), content);
  if (status) return {};
  ::unlink(path.c_str());
  return fail(fmt::format("cannot write to the mirror: {}", status.error().message), status.error().code);
}

}  // namespace

Status Mirror::State::put_file(const std::string& path, const std::string& content) {
  return write_file(path, content);
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

void Mirror::State::remember(const std::string& key, Slot slot) {
  written += slot.size;
  const std::unique_lock lock(indexed);
  Slot& known = index[key];
  written -= known.size;
  known = std::move(slot);
  known.in_first_root = known.path.starts_with(first.load()->root.path() + '/');
  append_token(known.token, "ARGV", static_cast<std::uint32_t>(known.path.size()));
  known.token += known.path;
}

void Mirror::State::forget_path(const std::string& path) {
  const std::unique_lock lock(indexed);
  for (auto& [key, slot] : index) {
    if (slot.gone || slot.path != path) continue;
    slot.gone = true;
    written -= std::exchange(slot.size, 0);
  }
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
      placed = make_parents(*in, name);
    }
    if (placed) placed = (this->*write)(path, content);
    if (placed) {
      const std::lock_guard lock(structure);
      taken[name] += attempt + 1;
      return path;
    }
    if (!is_conflict(placed.error().code) || attempt >= roots_at_most)
      return tl::make_unexpected(std::move(placed).error());
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
  if (found == state_->index.end() || found->second.gone || found->second.hash != hash) return std::nullopt;
  return found->second.path;
}

bool Mirror::append_known(std::string& reply, const Entry& entry, const ContentHash& hash,
                          std::string_view spelled, unsigned padding, std::string_view prologue,
                          bool& first_root) const {
  const std::shared_lock lock(state_->indexed);
  const auto found = state_->by_entry.find(CopyView{&entry, spelled, prologue, padding});
  if (found == state_->by_entry.end() || found->second->gone || found->second->hash != hash) return false;
  reply += found->second->token;
  first_root = first_root && found->second->in_first_root;
  return true;
}

void Mirror::remember_entry(const Entry& entry, const std::string& real_path, const ContentHash& hash,
                            std::string_view spelled, unsigned padding, std::string_view prologue) {
  const std::unique_lock lock(state_->indexed);
  const auto found = state_->index.find(file_key(real_path, spelled, padding, prologue));
  if (found == state_->index.end() || found->second.hash != hash) return;  // an outdated version's
  state_->by_entry[CopyKey{&entry, std::string(spelled), std::string(prologue), padding}] = &found->second;
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
    Temporary temporary(state_->temporary_path());
    PUMP_CHECK(write_file(temporary.path(), compressed));
    if (const int code = temporary.rename_to(known->path); code != 0)
      return fail_errno(fmt::format("cannot replace '{}'", known->path), code);
    path = known->path;
  } else {
    PUMP_TRY(path, state_->place(name, compressed, &State::put_file, kMaxRoots));
  }
  state_->remember(key, {version.hash, version.order, compressed.size(), path, {}});
  return path;
}

Expected<std::string> Mirror::link(const std::string& real_path, const std::string& target) {
  std::string key = real_path + '\0' + target + '\0' + "link";
  if (const auto known = state_->slot(key)) return known->path;
  const std::lock_guard lock(state_->writer_of(real_path));
  if (const auto known = state_->slot(key)) return known->path;
  PUMP_TRY(std::string path, state_->place(real_path, target, &State::put_link, kLinkTargets));
  state_->forget_path(path);
  state_->remember(key, {{}, 0, 0, path, {}});
  return path;
}

Expected<std::string> Mirror::directory(const std::string& real_path) {
  const std::string key = real_path + '\0' + '\0' + "directory";
  if (const auto known = state_->slot(key)) return known->path;
  const std::string name = (real_path == "/" ? "" : real_path) + std::string(kForcedDirectory);
  const std::lock_guard lock(state_->writer_of(name));
  if (const auto known = state_->slot(key)) return known->path;
  PUMP_TRY(const std::string empty, lzo_compress({}));
  PUMP_TRY(std::string path, state_->place(name, empty, &State::put_file, kMaxRoots));
  state_->remember(key, {{}, 0, empty.size(), path, {}});
  return path;
}

bool Mirror::intact() const {
  return !state_->damaged.load() && state_->first.load()->root.intact();
}

bool Mirror::whole() const {
  const std::lock_guard lock(state_->structure);
  const bool all = std::all_of(state_->roots.begin(), state_->roots.end(),
                               [](const State::Root& root) { return root.root.intact(); });
  if (!all) state_->damaged = true;
  return all;
}

bool Mirror::in_first_root(std::string_view path) const {
  return path.starts_with(root()) && path.substr(root().size()).starts_with('/');
}

std::uint64_t Mirror::bytes() const {
  return state_->written;
}
const std::string& Mirror::root() const {
  return state_->first.load()->root.path();
}

}  // namespace pump::include_server
