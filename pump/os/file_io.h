// Whole-file reading and writing, small path helpers. Any thread.
#pragma once

#include <string>
#include <string_view>

#include "pump/os/error.h"
#include "pump/os/unique_fd.h"

namespace pump::os {

/// At most `limit` bytes of a file; longer is an Error with EFBIG.
Expected<std::string> read_file(const std::string& path, std::size_t limit = 1U << 30U);
/// The last `limit` bytes of a regular file, or all of a shorter one: logs. Empty where it cannot be read; links are
/// not followed.
std::string read_tail(const std::string& path, std::size_t limit);
/// Writes beside `path` under a temporary name, then renames: readers see the old or the new content, never a
/// part.
Status write_file_atomically(const std::string& path, std::string_view content, unsigned mode = 0600);
/// write(2) until all is written.
Status write_all(int fd, std::string_view bytes);
/// The link target, or an Error (EINVAL: no link).
Expected<std::string> read_link(const std::string& path);
/// Everything before the last slash ("/" for "/x", "." for "x").
std::string_view dirname(std::string_view path);
/// Everything after the last slash.
std::string_view basename(std::string_view path);
/// Removes a file or a directory and all below it; symbolic links are removed, not followed. Missing is
/// success.
Status remove_tree(const std::string& path);
/// Path of the running executable (/proc/self/exe, without a " (deleted)" suffix).
Expected<std::string> self_executable();

}  // namespace pump::os
