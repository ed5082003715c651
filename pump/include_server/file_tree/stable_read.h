// Reading a file that another process may be writing. Pure functions of the file system; any thread.
//
// Why not simply read(2): writes are not atomic against reads. A content that is half old and half new would
// be sent to the host, and if size and time stamp (of the same clock tick) are equal, it would never be
// detected.
#pragma once

#include <sys/stat.h>

#include "pump/include_server/file_tree/file_system.h"

namespace pump::include_server {

/// The fields of stat(2) that FileStatus has.
FileStatus to_status(const struct stat& st);

/// FileSystem::read(). Retries for at most half a second. Never blocks on a FIFO or device: anything but a regular
/// file is an Error with EINVAL. Other errors: EAGAIN if it kept changing, EFBIG over 1 GiB, those of open(2)
/// and read(2).
Expected<FileSystem::Content> read_stable(const std::string& path);

}  // namespace pump::include_server
