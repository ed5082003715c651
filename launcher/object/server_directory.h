// The directory that distccd compiled in, and what the same names are on the client.
//
// In pump mode distccd builds the client's tree below a directory of its own, TMPDIR/distccd_XXXXXX, and
// compiles in TMPDIR/distccd_XXXXXX/client/cwd. distccd 3.4 overwrites the added part with slashes in
// .debug_str and .debug_info, and leaves it everywhere else. Which directory it was is learnt from a name
// whose rest is the client's own directory: XXXXXX is random, so that no text of the user's can hold it by
// chance. Any thread; no I/O.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pump/os/error.h"

namespace pump::launcher::object {

/// What the compiler would have called things here.
struct ClientDirectory {
  std::string physical;       ///< getcwd(): what distcc tells the server
  std::string logical;        ///< $PWD where that is the same directory: what gcc and clang record
  std::string source;         ///< the source's name where it is absolute
  std::string relative_root;  ///< what names in the command began with (relative_names.h); empty: nothing
  std::vector<std::pair<std::string, std::string>> prefix_maps;  ///< -fdebug-prefix-map, -ffile-prefix-map
};

class ServerDirectory {
 public:
  /// "/distccd_" and six characters; nothing where `text` has no such directory at or after `from`.
  static std::size_t find_any(std::string_view text, std::size_t from = 0);
  /// True where `text` names a file that distccd makes for a job: "/distccd_0123abcd.o", as in a command line
  /// that the compiler recorded.
  static bool names_job_file(std::string_view text);

  explicit ServerDirectory(const ClientDirectory& client) : client_(client) {}
  /// Learns from one name. Error: names of two different servers' directories.
  Status learn(std::string_view name);
  [[nodiscard]] bool known() const { return !marker_.empty() || slashes_ != 0; }
  /// The client's name for a name from the server; nothing where it is already one. Error: not decidable.
  [[nodiscard]] Expected<std::optional<std::string>> rename(std::string_view name) const;
  /// "/distccd_XXXXXX", empty where only slashes are left of it.
  [[nodiscard]] const std::string& marker() const { return marker_; }

 private:
  /// True for names by which the server's directory can be told.
  [[nodiscard]] bool is_known(std::string_view name) const;
  [[nodiscard]] std::string_view without_server(std::string_view name) const;
  [[nodiscard]] Expected<std::string> mapped(std::string name) const;

  const ClientDirectory& client_;
  std::string marker_;
  std::size_t slashes_ = 0;  ///< how many stand for the server's directory
};

}  // namespace pump::launcher::object
