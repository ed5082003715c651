// Which file a compiler's name stands for, looked up as the client's PATH would have it.
//
// Masquerade directories (links named like compilers that lead to distcc, ccache or this project's launcher)
// are passed over, as distcc itself does: the defaults are those of the compiler behind them. All lookups go
// through the tree, so that a compiler that is replaced, removed or shadowed invalidates what was derived
// from it. Any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "pump/include_server/file_tree/file_tree.h"

namespace pump::include_server {

struct FoundCompiler {
  std::string path;  ///< absolute, as found: links in it are not resolved, for drivers look at their name
  const Entry* entry = nullptr;  ///< the executable at the end of all links
};

/// `search` is the value of PATH. Nothing: no executable file of that name.
std::optional<FoundCompiler> find_compiler(FileTree& tree, Directory* cwd, const std::string& name,
                                           std::string_view search, Trace& trace);

}  // namespace pump::include_server
