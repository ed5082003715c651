// The default directories of a compiler: those that it searches without any option. The compile server has
// them and their content, too, so they are not sent.
//
// Whether a file lies in one is decided on real paths. A default directory with a relative name (a relative
// --sysroot) does not count: on the server it lies below the job's root, where only what was sent exists.
#pragma once

#include <tsl/robin_set.h>

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "pump/include_server/file_tree/file_tree.h"
#include "pump/include_server/unit/translation_unit.h"

namespace pump::include_server {

/// A profile's default directories, looked up in the file tree. Immutable; any thread. Valid as long as
/// nothing in `consulted` changes.
struct ResolvedDefaults {
  ResolvedDefaults(FileTree& tree, const CompilerProfile& profile);
  std::vector<const Directory*> real;
  std::vector<std::string> spelled;  ///< without those below another, as text; each ends in one slash
  std::string common_prefix;         ///< of all `spelled`
  tsl::robin_set<const Directory*> traversed;  ///< on the paths to `real`
  tsl::robin_set<const Entry*> links;          ///< on the paths to `real`
  std::vector<const Entry*> consulted;
};

/// Questions about the default directories, for one request; one thread, which holds a snapshot.
class DefaultDirectories {
 public:
  explicit DefaultDirectories(std::shared_ptr<const ResolvedDefaults> defaults)
      : defaults_(std::move(defaults)) {}
  /// Uses Unit::resolved_defaults. If that is nullptr, looks the directories up and appends what the result
  /// depends on to `consulted`.
  DefaultDirectories(FileTree& tree, const Unit& unit, std::vector<const Entry*>& consulted);

  /// The outermost default directory that contains `directory` or is it; nullptr if there is none, and for
  /// nullptr.
  const Directory* holding(const Directory* directory);
  /// True if `directory` is itself a default directory.
  [[nodiscard]] bool is_default(const Directory* directory) const;
  /// True if `spelled` begins with a default directory as the compiler spells it, as names do that are found
  /// without any option.
  [[nodiscard]] bool spelled_by_default(std::string_view spelled) const;
  /// True if this absolute path, whether it exists or not, leads into a default directory, and only over
  /// links and directories that the compile server has, too. Then it means the server's own file.
  bool serves(FileTree& tree, std::string_view path, Trace& trace);
  /// True if the directory or link is on the path to a default directory.
  [[nodiscard]] bool on_the_way(const Directory* directory) const {
    return defaults_->traversed.contains(directory);
  }
  [[nodiscard]] bool on_the_way(const Entry* link) const { return defaults_->links.contains(link); }

 private:
  struct Known {
    const Directory* directory = nullptr;
    const Directory* home = nullptr;
  };
  std::shared_ptr<const ResolvedDefaults> defaults_;
  mutable std::size_t last_spelled_ = 0;  ///< index in `spelled`; files of one directory follow one another
  std::array<Known, 64> known_ = {};      ///< a cache of holding(), by address
};

/// True for links like "/lib" -> "usr/lib". They belong to the layout of the system, which the compile server
/// shares.
bool merges_usr(const Entry& link);

/// True if `path` is below `directory`, compared as text, component by component.
bool spelled_below(std::string_view path, std::string_view directory);

}  // namespace pump::include_server
