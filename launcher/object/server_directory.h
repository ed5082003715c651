// The directory in which distccd compiled, and the client's names for names in it.
//
// In pump mode distccd rebuilds the client's tree below its own directory TMPDIR/distccd_XXXXXX and compiles
// in TMPDIR/distccd_XXXXXX/client/cwd. distccd 3.4 overwrites the prefix with slashes in .debug_str and
// .debug_info, and leaves it everywhere else. The prefix is learnt from a name that ends with the client's
// own directory. XXXXXX is random, so text of the user cannot hold it by chance. Any thread; no I/O.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pump/os/error.h"

namespace pump::launcher::object {

/// The names that a local compilation records.
struct ClientDirectory {
  std::string physical;  ///< getcwd(), which distcc sends to the server
  std::string logical;   ///< the name that gcc and clang record for it: logical_directory()
  std::string source;    ///< the source's name if it is absolute, otherwise empty
  /// True if these bytes name a file as only the command on the server does. Not set: it is the user's command.
  std::function<bool(std::string_view)> names_relatively;
  /// The host got edited copies of files: MD5 sums of files in the object are not those of a local one.
  bool edited_files = false;
  std::vector<std::pair<std::string, std::string>> prefix_maps;  ///< -fdebug-prefix-map, -ffile-prefix-map
};

class ServerDirectory {
 public:
  /// The offset of "/distccd_XXXXXX" at or after `from`; npos if there is none.
  static std::size_t find_any(std::string_view text, std::size_t from = 0);
  /// True if `text` names a file that distccd makes for a job, "/distccd_0123abcd.o", as a recorded command
  /// line does.
  static bool names_job_file(std::string_view text);

  /// `client` must outlive the object.
  explicit ServerDirectory(const ClientDirectory& client) : client_(client) {}
  /// Learns the prefix if `name` ends with a directory of the client. Error: it differs from the one learnt
  /// before.
  Status learn(std::string_view name);
  [[nodiscard]] bool known() const { return !marker_.empty() || slashes_ != 0; }
  /// The client's name for `name`; nothing if `name` is not from the server. Error: the prefix maps are
  /// ambiguous.
  [[nodiscard]] Expected<std::optional<std::string>> rename(std::string_view name) const;
  /// "/distccd_XXXXXX"; empty if only slashes are left of it.
  [[nodiscard]] const std::string& marker() const { return marker_; }

 private:
  /// True if `name` is a directory or source of the client, so that the text before it is the prefix.
  [[nodiscard]] bool is_client_name(std::string_view name) const;
  [[nodiscard]] std::string_view without_server(std::string_view name) const;
  [[nodiscard]] Expected<std::string> mapped(std::string name) const;

  const ClientDirectory& client_;
  std::string marker_;
  std::size_t slashes_ = 0;  ///< number of slashes that replace the server's directory
};

}  // namespace pump::launcher::object
