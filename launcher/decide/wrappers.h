// Which compiler a command really runs when launchers, masquerade links or caches stand before it.
//
//   pump-launch X…, distcc X…   are removed: X is the compiler. `distcc -c a.c` means cc, as it does for
//                               distcc; distcc's own verbs (--help, --show-hosts, …) stay with distcc.
//   …/distcc/g++                is a masquerade link: g++, looked up on PATH without such directories.
//   ccache X…, …/ccache/g++     stay: the cache runs, and calls pump-launch for its misses because of
//                               CCACHE_PREFIX.
//
// Directories are recognised by their names ("distcc", "ccache"), which all distributions use; that costs no
// system call. A directory called distcc counts only if its compilers are links to distcc, which are read.
// Any thread.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pump/os/environment.h"

namespace pump::launcher {

enum class CommandKind {
  Compiler,
  Cache,   ///< ccache, or another program that calls the compiler itself
  Distcc,  ///< a verb of distcc
};

struct UnwrappedCommand {
  CommandKind kind = CommandKind::Compiler;
  std::vector<std::string> argv;  ///< without the wrappers; empty only if the input was
};

/// True if the file is a link to distcc.
using IsMasquerade = std::function<bool(const std::string& file)>;
bool is_link_to_distcc(const std::string& file);

/// `argv`: the arguments of pump-launch.
UnwrappedCommand unwrap(std::vector<std::string> argv, const os::Environment& environment,
                        const IsMasquerade& is_masquerade = is_link_to_distcc);

/// PATH without the directories of distcc's masquerade links; nothing if it has none.
std::optional<std::string> path_without_masquerade(std::string_view path,
                                                   const IsMasquerade& is_masquerade = is_link_to_distcc);

}  // namespace pump::launcher
