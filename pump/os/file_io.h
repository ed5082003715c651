// Reads and writes whole files, and splits paths. Any thread.
#pragma once

#include <string>
#include <string_view>

#include "pump/os/error.h"
#include "pump/os/unique_fd.h"

namespace pump::os {

/// The content of a file. A file of more than `limit` bytes is an Error with EFBIG.
Expected<std::string> read_file(const std::string& path, std::size_t limit = 1U << 30U);
/// The last `limit` bytes of a regular file, such as a log, or all of a shorter one. Empty if it cannot be
/// read or is a symbolic link.
std::string read_tail(const std::string& path, std::size_t limit);
/// Writes a temporary file in the same directory and renames it: readers see the old or the new content. The
/// umask applies to `mode`.
Status write_file_atomically(const std::string& path, std::string_view content, unsigned mode = 0600);
/// Repeats write(2) until all is written.
Status write_all(int fd, std::string_view bytes);
/// The target of a link. Error: EINVAL if it is not a link.
Expected<std::string> read_link(const std::string& path);
/// The part before the last slash: "/" for "/x", "." for "x".
std::string_view dirname(std::string_view path);
/// The part after the last slash.
std::string_view basename(std::string_view path);
/// Removes a file, or a directory with all it contains. Symbolic links are not followed. Succeeds if the file
/// is missing.
Status remove_tree(const std::string& path);
/// The path of the running executable: /proc/self/exe, without the " (deleted)" of a file that was replaced.
Expected<std::string> self_executable();

}  // namespace pump::os
