// Reading a file that somebody may be writing.
//
// Why not simply read(2): writes are not atomic against reads, a version half old and half new would be sent
// to the host, and with an equal size and a time stamp of the same clock tick nothing would ever tell.
#pragma once

#include <sys/stat.h>

#include "pump/include_server/file_tree/file_system.h"

namespace pump::include_server {

/// stat(2)'s answer, reduced.
FileStatus to_status(const struct stat& st);

/// Reads a regular file; anything else is an Error with EINVAL and is never blocked on. Errors: EAGAIN where
/// it kept changing, EFBIG over 1 GiB, otherwise open(2)'s and read(2)'s.
Expected<FileSystem::Content> read_settled(const std::string& path);

}  // namespace pump::include_server
