// The mirror: compressed copies of the closure's files where the distcc client finds them.
//
// Layout (distcc 3.4, include_server_if.c: INCLUDE_SERVER_DIR_DEPTH): three path components, then the file's
// real path, then ".lzo", or ".lzo.abs" where the compiler must report another name (a #line directive is put
// in). distcc strips them and sends the rest as the name; symbolic links as links;
// ".../forcing_technique_271828" makes a directory. All methods may be called from any thread. Whoever finds
// !intact() makes another Mirror.
#pragma once

#include <memory>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>

#include "pump/include_server/file_tree/file_tree.h"
#include "pump/os/error.h"

namespace pump::include_server {

class Mirror {
 public:
  /// Makes a root below $DISTCC_CLIENT_TMP (`client_tmp`, may be empty), else /dev/shm, else /tmp, mode 0700,
  /// and removes the roots of dead servers of this user.
  static Expected<std::unique_ptr<Mirror>> create(const std::string& client_tmp);
  ~Mirror();  ///< removes the root

  /// The mirror path of `version` of the file at `real_path`. `spelled` non-empty: an ".lzo.abs" copy whose
  /// #line names it. Files are written once per (path, content, spelling). `padding`: that many newlines at
  /// the end, to keep apart equal `#pragma once` files. `prologue`: with_line_directive's. `variant`: not
  /// empty where the version's bytes are not the file's own, and then what tells them apart from other such
  /// bytes. Errors: ENOSPC, ENAMETOOLONG …; EAGAIN: the version is older than two that others have been told
  /// of, look again.
  ///
  /// The path holds this version until a later one of the same name is asked for (FileVersion::order), which
  /// replaces it, by rename(2): a reader sees the one or the other.
  Expected<std::string> file(const std::string& real_path, const FileVersion& version,
                             std::string_view spelled, unsigned padding = 0, std::string_view prologue = {},
                             std::string_view variant = {});
  /// The same without the bytes, for a version that is in the mirror already; nothing if it is not. `order`:
  /// the version's, so that none before it takes its place from now on; 0: not known.
  [[nodiscard]] std::optional<std::string> find(const std::string& real_path, const ContentHash& hash,
                                                std::string_view spelled, unsigned padding = 0,
                                                std::string_view prologue = {},
                                                std::uint64_t order = 0) const;
  /// Does what file() would, but only where no version of this copy has been made or is being made;
  /// otherwise, and where it fails, false. For copies that nobody has asked for yet.
  bool add_file(const std::string& real_path, const FileVersion& version, std::string_view spelled,
                std::string_view prologue);
  /// The copies that stand there, for many looks in a row: nobody can add one while this lives.
  class Known {
   public:
    explicit Known(const Mirror& mirror);
    /// Appends the token and the path that find() would give to a reply, without a look at any path: false
    /// where remember_entry() has not named this entry of the tree, or its version has been replaced. Entries
    /// outlive mirrors. `first_root` becomes false where the path is not in the first root.
    bool append(std::string& reply, const Entry& entry, const ContentHash& hash, std::string_view spelled,
                unsigned padding, std::string_view prologue, bool& first_root) const;

   private:
    const Mirror& mirror_;
    std::shared_lock<std::shared_mutex> lock_;
  };
  void remember_entry(const Entry& entry, const std::string& real_path, const ContentHash& hash,
                      std::string_view spelled, unsigned padding, std::string_view prologue);
  /// The mirror path of a link at `real_path` that points to `target`.
  Expected<std::string> link(const std::string& real_path, const std::string& target);
  /// The mirror path that makes distccd create the directory `real_path`.
  Expected<std::string> directory(const std::string& real_path);

  /// False once somebody removed the first root or something in the mirror (mirror_watch.h), or whole() found
  /// another root missing. One stat and one ioctl. Cleaners that heed locks leave the roots alone
  /// (mirror_root.h).
  [[nodiscard]] bool intact() const;
  /// False once somebody removed a root, or intact() or a write noticed that something is missing. Few
  /// replies name any but the first: who sends one of them asks this.
  [[nodiscard]] bool whole() const;
  [[nodiscard]] std::uint64_t bytes() const;      ///< compressed bytes written and still there
  [[nodiscard]] const std::string& root() const;  ///< the first
  [[nodiscard]] bool in_first_root(std::string_view path) const;

  Mirror(const Mirror&) = delete;
  Mirror& operator=(const Mirror&) = delete;

 private:
  struct State;
  explicit Mirror(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace pump::include_server
