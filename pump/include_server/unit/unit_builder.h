// Builds a Unit from a request: parses the command line (command_line.h), selects the compiler's profile
// (profile_selector.h), builds the search path (search_path_builder.h), and refuses commands that cannot be
// compiled from copies of their inputs (unsupported_commands.h, remote_command_check.h). Units are cached
// (unit_cache.h).
//
// One per server; any thread. The calling thread holds the snapshot.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pump/include_server/file_tree/file_tree.h"
#include "pump/include_server/support/give_up.h"
#include "pump/include_server/unit/translation_unit.h"
#include "pump/os/environment.h"

namespace pump::include_server {

/// Either `unit` is set, or `give_up` and `detail` are.
struct UnitOrReason {
  std::optional<Unit> unit;
  GiveUp give_up = GiveUp::None;
  std::string detail;
};

class UnitBuilder {
 public:
  explicit UnitBuilder(FileTree& tree);
  ~UnitBuilder();
  /// `cwd`: the client's, an absolute path. `argv`: the compiler and its arguments. `environment`: the
  /// client's.
  UnitOrReason build(const FileTree::Snapshot& snapshot, const std::string& cwd,
                     const std::vector<std::string>& argv, const os::Environment& environment);
  /// With `key`, which is environment_key(environment), computed before.
  UnitOrReason build(const FileTree::Snapshot& snapshot, const std::string& cwd,
                     const std::vector<std::string>& argv, const os::Environment& environment,
                     std::string_view key);
  /// Equal for environments under which the same command gives the same unit.
  static std::string environment_key(const os::Environment& environment);
  /// CompilerCache::ask, for the preprocessor.
  std::optional<std::int64_t> ask(const CompilerProfile& profile, const std::string& query);
  /// True once ask() has been called for the profile.
  [[nodiscard]] bool was_asked(const CompilerProfile& profile) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace pump::include_server
