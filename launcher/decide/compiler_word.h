// Which compiler a command really runs, where launchers stand before it or in its place.
//
//   pump-launch X…, distcc X…   taken away: X is the compiler. distcc alone means "cc", as it does to
//                               distcc; distcc's own verbs (--help, --show-hosts, …) stay its own.
//   …/distcc/g++                a masquerade link: g++, found on PATH without such directories.
//   ccache X…, …/ccache/g++     passed on: the cache runs, and calls pump-launch for its misses, because
//                               CCACHE_PREFIX says so.
//
// Directories are told by their name ("distcc", "ccache"), as every distribution calls them, which costs no system call.
// One called distcc is looked into: only if its compilers are links to distcc are they taken for what they are not. Any
// thread.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pump/os/environment.h"

namespace pump::launcher {

enum class CompilerKind {
  Compiler,
  Cache,   ///< ccache, or another program that calls the compiler itself
  Distcc,  ///< one of distcc's verbs
};

struct CompilerWord {
  CompilerKind kind = CompilerKind::Compiler;
  std::vector<std::string>
      argv;  ///< the command without what was taken away; never empty where the input was not
};

/// True where the file is a link to distcc.
using IsMasquerade = std::function<bool(const std::string& file)>;
bool leads_to_distcc(const std::string& file);

CompilerWord resolve_compiler_word(std::vector<std::string> argv, const os::Environment& environment,
                                   const IsMasquerade& is_masquerade = leads_to_distcc);

/// PATH without the directories of distcc's masquerade links; nothing where it has none.
std::optional<std::string> path_without_masquerade(std::string_view path,
                                                   const IsMasquerade& is_masquerade = leads_to_distcc);

}  // namespace pump::launcher
