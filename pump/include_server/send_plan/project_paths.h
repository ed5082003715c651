// The paths of one unit that belong to the project, as spelled: all but those that begin with a default
// directory.
//
// The links and directories through which the compiler reaches its default directories exist on the server. A
// project path that leads through one of them below the job's root needs it there, too. For one plan, one
// thread.
#pragma once

#include <string>
#include <string_view>

#include "pump/include_server/file_tree/file_tree.h"

namespace pump::include_server {

class ProjectPaths {
 public:
  void add(std::string_view path);  ///< must outlive this object
  /// True if `text` occurs in a path. A rough test: a wrong yes sends one more entry.
  [[nodiscard]] bool contain(std::string_view text) const;
  /// True if a path may leave the directory by "..": a rough test, too.
  [[nodiscard]] bool may_leave(const Directory& directory) const;
  /// True if a path, walked from `cwd`, leaves the directory by "..".
  [[nodiscard]] bool leave(const Directory& directory, FileTree& tree, Directory* cwd, Trace& trace) const;

 private:
  /// All paths, each ended by a NUL. A path in the same directory as the one before it is stored without that
  /// directory.
  std::string paths_;
  std::string_view last_directory_;  ///< of the last path, with its slash
  bool goes_up_ = false;             ///< some path contains "/.."
};

}  // namespace pump::include_server
