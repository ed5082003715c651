// How many inotify watches this process may have: the user's other programs need some, too.
#pragma once

#include <cstddef>

namespace pump::include_server {

/// The limit of the user's watches: the smaller one of /proc/sys/fs/inotify/max_user_watches and, in a user namespace,
/// /proc/sys/user/max_inotify_watches (inotify(7), namespaces(7)). If neither can be read, the kernel's former default.
std::size_t user_watch_limit();

/// A quarter of the limit is for this process: three quarters of it for the files that compilers read, the rest for the
/// mirror, which has a directory for each directory of these.
std::size_t most_file_watches();
std::size_t most_mirror_watches();

}  // namespace pump::include_server
