#include "pump/scheduler/kept_file.h"

#include <sys/stat.h>
#include <unistd.h>

#include "pump/os/format.h"
#include "pump/scheduler/distcc_directory.h"

namespace pump::scheduler {

bool KeptFile::is_at(const std::string& path) const {
  struct stat info {};
  return file_ && path == path_ && ::lstat(path.c_str(), &info) == 0 && info.st_dev == device_ &&
         info.st_ino == inode_;
}

bool KeptFile::open(const std::string& distcc_directory, const char* subdirectory, const std::string& name) {
  std::string path = os::format("{}/{}/{}", distcc_directory, subdirectory, name);
  if (is_at(path)) return true;
  file_.reset();
  const auto directory = open_distcc_subdirectory(distcc_directory, subdirectory);
  if (!directory) return false;
  auto file = open_distcc_file(*directory, name);
  struct stat info {};
  if (!file || ::fstat(file->get(), &info) != 0) return false;
  path_ = std::move(path);
  file_ = *std::move(file);
  device_ = info.st_dev;
  inode_ = info.st_ino;
  return true;
}

void KeptFile::remove() {
  if (is_at(path_)) ::unlink(path_.c_str());
  file_.reset();
}

}  // namespace pump::scheduler
