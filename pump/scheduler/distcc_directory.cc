#include "pump/scheduler/distcc_directory.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace pump::scheduler {
namespace {

constexpr mode_t kReadWrite = 0666;

/// The status of an open file that belongs to this user.
Expected<struct stat> own_status(const os::UniqueFd& fd, const std::string& name) {
  struct stat info {};
  if (!fd || ::fstat(fd.get(), &info) != 0) return fail_errno("cannot use " + name);
  if (info.st_uid != ::geteuid()) return fail(name + " belongs to another user", EPERM);
  return info;
}

}  // namespace

Expected<os::UniqueFd> open_distcc_subdirectory(const std::string& distcc_directory, const char* name) {
  if (!distcc_directory.starts_with('/')) return fail("DISTCC_DIR is not an absolute path", EINVAL);
  constexpr int kDirectory = O_RDONLY | O_DIRECTORY | O_CLOEXEC;
  const os::UniqueFd top(::open(distcc_directory.c_str(), kDirectory));
  PUMP_TRY(const struct stat info, own_status(top, distcc_directory));
  const auto open_it = [&] { return ::openat(top.get(), name, kDirectory | O_NOFOLLOW); };
  os::UniqueFd directory(open_it());
  if (!directory && errno == ENOENT && ::mkdirat(top.get(), name, 0700) == 0) {
    directory.reset(open_it());
    if (directory) ::fchmod(directory.get(), info.st_mode & 0777U);
  }
  PUMP_CHECK(own_status(directory, distcc_directory + "/" + name));
  return directory;
}

Expected<os::UniqueFd> open_distcc_file(const os::UniqueFd& directory, const std::string& name) {
  constexpr int kWrite = O_WRONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
  os::UniqueFd file(::openat(directory.get(), name.c_str(), kWrite));
  if (!file && errno == ENOENT) {
    file.reset(::openat(directory.get(), name.c_str(), kWrite | O_CREAT | O_EXCL, 0600));
    struct stat info {};
    if (file && ::fstat(directory.get(), &info) == 0) ::fchmod(file.get(), info.st_mode & kReadWrite);
  }
  PUMP_TRY(const struct stat info, own_status(file, name));
  if (!S_ISREG(info.st_mode)) return fail(name + " is not a regular file", EINVAL);
  return file;
}

}  // namespace pump::scheduler
