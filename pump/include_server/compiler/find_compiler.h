// Finds the file that a compiler's name stands for, in the client's PATH.
//
// Masquerade links (named like a compiler, but leading to distcc, ccache or this project's launcher) are
// skipped, as distcc skips them: the defaults are those of the compiler that the wrapper runs. Every lookup
// goes through the file tree, so a compiler that is replaced, removed or shadowed invalidates what was
// derived from it. Any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "pump/include_server/file_tree/file_tree.h"

namespace pump::include_server {

struct FoundCompiler {
  std::string path;              ///< absolute; links are not resolved, because drivers depend on their name
  const Entry* entry = nullptr;  ///< the executable that `path` leads to
};

/// `search` is the value of PATH; relative names start at `cwd`. Returns nothing if no executable file has
/// that name.
std::optional<FoundCompiler> find_compiler(FileTree& tree, Directory* cwd, const std::string& name,
                                           std::string_view search, Trace& trace);

}  // namespace pump::include_server
