// The directories that the compiler searches by itself. What lies in them is on the compile server, too, and not sent.
//
// "Lies in" is decided on real paths. A default directory that is spelled relatively (a relative --sysroot) is none for
// us: on the server it lies below the job's root, where only what is sent exists. For one request, one thread.
#pragma once

#include <tsl/robin_map.h>

#include <string>
#include <string_view>
#include <vector>

#include "pump/include_server/file_tree.h"
#include "pump/include_server/unit.h"

namespace pump::include_server {

class DefaultDirectories {
 public:
  DefaultDirectories(FileTree& tree, const CompilerProfile& profile, Trace& trace);

  /// The outermost default directory that holds `directory` or is it; nullptr where none does.
  const Directory* holding(const Directory* directory);
  /// True where `directory` is itself a default directory.
  [[nodiscard]] bool is_default(const Directory* directory) const;
  /// True where `spelled` begins with a default directory as the compiler spells it: found without any option.
  [[nodiscard]] bool spelled_by_default(std::string_view spelled) const;

 private:
  std::vector<const Directory*> real_;
  std::vector<std::string> spelled_;
  tsl::robin_map<const Directory*, const Directory*> known_;
};

/// True where `path` is below `directory`, component by component, as text.
bool spelled_below(std::string_view path, std::string_view directory);

}  // namespace pump::include_server
