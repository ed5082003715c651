#include "launcher/decide/output_place.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "pump/os/file_io.h"

namespace pump::launcher {

OutputPlace output_place(const std::string& path) {
  struct stat info {};
  bool exists = true;
  if (::lstat(path.c_str(), &info) != 0) {
    if (errno != ENOENT || path.empty()) return OutputPlace::Other;
    exists = false;
  }
  // Compilers check for permission first, and then write in place or replace. With a second name that makes a
  // difference: it gets the new content in the first case only.
  if (exists && (!S_ISREG(info.st_mode) || info.st_nlink != 1 || ::access(path.c_str(), W_OK) != 0))
    return OutputPlace::Other;
  if (::access(std::string(os::dirname(path)).c_str(), W_OK | X_OK) != 0) return OutputPlace::Other;
  return exists ? OutputPlace::File : OutputPlace::New;
}

}  // namespace pump::launcher
