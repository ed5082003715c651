// The directories that the compiler searches by itself. What lies in them is on the compile server, too, and
// not sent.
//
// "Lies in" is decided on real paths. A default directory that is spelled relatively (a relative --sysroot)
// is none for us: on the server it lies below the job's root, where only what is sent exists. For one
// request, one thread.
#pragma once

#include <tsl/robin_map.h>
#include <tsl/robin_set.h>

#include <string>
#include <string_view>
#include <vector>

#include "pump/include_server/file_tree.h"
#include "pump/include_server/unit.h"

namespace pump::include_server {

class DefaultDirectories {
 public:
  /// Appends what finding them depends on to `consulted`.
  DefaultDirectories(FileTree& tree, const CompilerProfile& profile, std::vector<const Entry*>& consulted);

  /// The outermost default directory that holds `directory` or is it; nullptr where none does
  /// (and for nullptr: what is nowhere lies in nothing).
  const Directory* holding(const Directory* directory);
  /// True where `directory` is itself a default directory.
  [[nodiscard]] bool is_default(const Directory* directory) const;
  /// True where `spelled` begins with a default directory as the compiler spells it: found without any
  /// option.
  [[nodiscard]] bool spelled_by_default(std::string_view spelled) const;
  /// True where the compiler walks through the directory, follows the link, on its own way to a default
  /// directory.
  [[nodiscard]] bool on_the_way(const Directory* directory) const { return way_.contains(directory); }
  [[nodiscard]] bool on_the_way(const Entry* link) const { return way_links_.contains(link); }

 private:
  tsl::robin_set<const Directory*> way_;
  tsl::robin_set<const Entry*> way_links_;
  std::vector<const Directory*> real_;
  std::vector<std::string> spelled_;
  mutable std::size_t last_spelled_ = 0;  ///< of spelled_: files of one directory follow one another
  tsl::robin_map<const Directory*, const Directory*> known_;
};

/// True where `path` is below `directory`, component by component, as text.
bool spelled_below(std::string_view path, std::string_view directory);

}  // namespace pump::include_server
