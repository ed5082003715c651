// Builds a Unit from a request: parses the command line, finds the compiler as the client's PATH would, gets
// its defaults (compiler.h), builds the search chain (search_path.h). Whatever cannot be compiled from a copy
// of its inputs is refused here with the reason.
#pragma once

#include <cstdint>
#include <functional>
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

struct UnitOrReason {
  std::optional<Unit> unit;
  GiveUp give_up = GiveUp::None;
  std::string detail;
};

/// Shared by all workers; keeps compiler profiles and search chains. Any thread.
class UnitBuilder {
 public:
  explicit UnitBuilder(FileTree& tree);
  ~UnitBuilder();
  /// The caller holds a Snapshot; `generation` is its: what is built now is used again until something it
  /// depends on changes after that. 0 will do, at the price of looking at each dependency once anything has
  /// changed.
  UnitOrReason build(const std::string& cwd, const std::vector<std::string>& argv,
                     const os::Environment& environment, std::uint64_t generation = 0);
  /// The same, with environment_key(environment) made before.
  UnitOrReason build(const std::string& cwd, const std::vector<std::string>& argv,
                     const os::Environment& environment, std::string_view key, std::uint64_t generation);
  /// Equal for environments under which the same command makes the same unit.
  static std::string environment_key(const os::Environment& environment);
  /// For the preprocessor's unknowns: runs the compiler once per new (profile, query) and remembers.
  std::optional<std::int64_t> ask(const CompilerProfile& profile, const std::string& query);
  /// True once ask() has been called for the profile.
  [[nodiscard]] bool was_asked(const CompilerProfile& profile) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace pump::include_server
