// The mirror: compressed copies of the closure's files, at paths that replies name and the distcc client
// reads.
//
// Layout (distcc 3.4, include_server_if.c: INCLUDE_SERVER_DIR_DEPTH): three path components (a root,
// mirror_root.h), then the file's real path, then ".lzo", or ".lzo.abs" for a copy with a #line. distcc
// strips root and suffix and sends the rest as the name. Links and directory markers have no suffix: a
// symbolic link at the link's real path is sent as a link, and a file named "forcing_technique_271828" makes
// the directory that contains it.
//
// One root is usual. A second, third … takes what cannot stand in the first: a copy of a file with other
// edits, another target of a link, a directory in place of a link or file. All roots strip to the same
// names. The path of a copy that a reply has named changes only to a later version of the same file.
// Exception: of one link, the 17th target replaces the first.
//
// Any thread may call any method. A mirror that is not intact() stays so: make another one. A removed copy
// matters, because distcc blames the host for a copy that a reply names and the client does not find.
#pragma once

#include <tsl/robin_map.h>
#include <tsl/robin_set.h>

#include <array>
#include <atomic>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "pump/include_server/file_tree/file_tree.h"
#include "pump/include_server/mirror/copy_index.h"
#include "pump/include_server/mirror/mirror_root.h"
#include "pump/include_server/mirror/mirror_watch.h"
#include "pump/include_server/send_plan/copy_edits.h"
#include "pump/os/error.h"

namespace pump::include_server {

class Mirror {
 public:
  /// Makes a root below $DISTCC_CLIENT_TMP (`client_tmp`, may be empty), else /dev/shm, else /tmp, mode 0700,
  /// and removes the roots of dead servers of this user.
  static Expected<std::unique_ptr<Mirror>> create(const std::string& client_tmp);
  ~Mirror() = default;  ///< removes the roots
  Mirror(const Mirror&) = delete;
  Mirror& operator=(const Mirror&) = delete;

  /// The path of the copy of `version` of the file at `real_path`, which is written unless it is there.
  /// A later version of the same copy (FileVersion::order) replaces it by rename(2): a reader sees one or the
  /// other. Errors: ENOSPC, ENAMETOOLONG …; EAGAIN: the mirror has had two later versions, so this one is
  /// outdated: analyse the file again.
  Expected<std::string> file(const std::string& real_path, const FileVersion& version,
                             const CopyEdits& edits = {});
  /// The path of the copy if this version is in the mirror; nothing if it is not, or there are replacements.
  /// `order`: the version's, so that no earlier one replaces it from now on; 0: not known.
  [[nodiscard]] std::optional<std::string> find(const std::string& real_path, const ContentHash& hash,
                                                const CopyEdits& edits = {}, std::uint64_t order = 0);
  /// Writes the copy as file() does, unless some version of it exists or another thread is writing one.
  /// False if it did not. Not for edits with replacements.
  bool try_file(const std::string& real_path, const FileVersion& version, const CopyEdits& edits);
  /// The mirror path of a link at `real_path` with that target. Errors, here and below: ENOSPC,
  /// ENAMETOOLONG …
  Expected<std::string> link(const std::string& real_path, const std::string& target);
  /// The mirror path that makes distccd create the directory `real_path`.
  Expected<std::string> directory(const std::string& real_path);

  /// Lets reader().append() find the copy by the file's entry in the file tree. Entries outlive mirrors.
  void store_entry(const Entry& entry, const std::string& real_path, const ContentHash& hash,
                   const CopyEdits& edits);
  [[nodiscard]] CopyIndex::Reader reader() const { return CopyIndex::Reader(index_); }

  /// False once another process removed the first root or something in the mirror (mirror_watch.h), or
  /// whole() found another root missing. One lstat and one ioctl.
  [[nodiscard]] bool intact();
  /// False once another process removed a root, or intact() or a write noticed that something is missing.
  /// One lstat per root: call it for replies that name a root other than the first, which are few.
  [[nodiscard]] bool whole();
  [[nodiscard]] std::uint64_t bytes() const { return index_.bytes(); }      ///< compressed, on disk
  [[nodiscard]] const std::string& root() const { return first_->path(); }  ///< the first
  [[nodiscard]] bool in_first_root(std::string_view path) const;

 private:
  struct TextHash {
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };
  struct TextEqual {
    using is_transparent = void;
    bool operator()(std::string_view a, std::string_view b) const { return a == b; }
  };
  struct Root {
    explicit Root(MirrorRoot made) : on_disk(std::move(made)) {}
    MirrorRoot on_disk;
    tsl::robin_set<std::string, TextHash, TextEqual> directories;  ///< made so far: paths below the root
  };
  /// Makes what is to stand at the given path.
  using Writer = Status (Mirror::*)(const std::string& path, const std::string& content);

  explicit Mirror(std::string base) : base_(std::move(base)) {}
  /// The root of that number, made if necessary. Needs `structure_`.
  Expected<Root*> get_root(unsigned number);
  Status make_parents(Root& in, std::string_view name);
  /// Puts `content` under `name` into the next root that this name has not used (`taken_`), and returns its
  /// path. Skips roots in which something else is in the way. After `most_roots` it begins again at the
  /// first: there put_link() replaces what it finds, and put_file() skips it.
  Expected<std::string> place(const std::string& name, const std::string& content, Writer write,
                              unsigned most_roots);
  /// file(), with the replacements made in `version`.
  Expected<std::string> write_version(const std::string& real_path, const FileVersion& version,
                                      const CopyEdits& edits);
  /// Replaces `known`, or writes a new file under `name`. Needs writer_of(name).
  Expected<std::string> write_copy(const std::string& key, const std::string& name,
                                   const std::optional<CopyIndex::Item>& known, const FileVersion& version,
                                   const std::string& compressed);
  Status put_file(const std::string& path, const std::string& content);
  Status replace_file(const std::string& path, const std::string& content);
  Status put_link(const std::string& path, const std::string& target);
  std::string temporary_path();
  /// Passes `status` on. ENOENT: something that was made before is missing, so another process removed it.
  Status note_damage(Status status);
  std::mutex& writer_of(const std::string& name) {
    return writing_[std::hash<std::string>()(name) % writing_.size()];
  }

  std::string base_;
  const MirrorRoot* first_ = nullptr;  ///< of `roots_`; set by create(), then constant
  std::mutex structure_;               ///< guards `roots_` and `taken_`, and directories are made under it
  std::deque<Root> roots_;             ///< addresses of its elements stay valid
  tsl::robin_map<std::string, unsigned> taken_;  ///< name in a root -> next root to try
  CopyIndex index_;
  std::array<std::mutex, 64> writing_;  ///< by name in a root: one copy of a name is made at a time
  std::atomic<bool> damaged_{false};    ///< a root is missing, or something in one
  std::atomic<std::uint64_t> temporaries_{0};
  MirrorWatch watch_;  ///< last: it ends before the roots are removed
};

}  // namespace pump::include_server
