// The paths of one unit that belong to the project, as spelled: all but those that a default directory
// begins. What lies on the compiler's own way to its directories is on the server; where these paths lead
// through it below the job's root, it is needed there, too. For one planner.
#pragma once

#include <string>
#include <string_view>

#include "pump/include_server/file_tree/file_tree.h"

namespace pump::include_server {

class ProjectPaths {
 public:
  void add(std::string_view path);  ///< which outlives this
  /// True where `text` occurs in one. A rough test; where it errs, an entry more is sent.
  [[nodiscard]] bool names(std::string_view text) const;
  /// True where one may leave the directory by "..": as rough.
  [[nodiscard]] bool may_leave(const Directory& directory) const;
  /// The same, walked from `cwd`.
  [[nodiscard]] bool leaves(const Directory& directory, FileTree& tree, Directory* cwd, Trace& trace) const;

 private:
  /// One after the other, each ended by a byte that no path holds; without the directory where that is the
  /// one before.
  std::string paths_;
  std::string_view last_;  ///< the directory of the last of them, with its slash
  bool goes_up_ = false;
};

}  // namespace pump::include_server
