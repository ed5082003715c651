#include "launcher/run/slot_locks.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

namespace pump::launcher {
namespace {

struct flock one_byte(short type, off_t byte) {
  struct flock request {};
  request.l_type = type;
  request.l_whence = SEEK_SET;
  request.l_start = byte;
  request.l_len = 1;
  return request;
}

/// Moves the descriptor to a number that the compiler will not use by chance: a high one, but below 256,
/// because bash takes 255 for its script; above the standard ones if the limit of descriptors is low. Drops
/// all locks on the file.
os::UniqueFd moved_up(os::UniqueFd file) {
  for (const int lowest : {200, STDERR_FILENO + 1}) {
    os::UniqueFd moved(::fcntl(file.get(), F_DUPFD_CLOEXEC, lowest));
    if (moved) return moved;
  }
  return {};
}

}  // namespace

Expected<SlotLocks> SlotLocks::open(const std::string& path, bool may_have_locks) {
  os::UniqueFd file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY, 0600));
  struct stat info {};
  if (!file || ::fstat(file.get(), &info) != 0) return fail_errno("cannot open " + path);
  if (!S_ISREG(info.st_mode)) return fail(path + " is not a regular file", EINVAL);
  if (!may_have_locks || file.get() <= STDERR_FILENO) file = moved_up(std::move(file));
  if (!file) return fail_errno("no descriptor for " + path);
  return SlotLocks(std::move(file));
}

Expected<bool> SlotLocks::try_lock(off_t byte) const {
  struct flock request = one_byte(F_WRLCK, byte);
  if (::fcntl(file_.get(), F_SETLK, &request) == 0) return true;
  if (errno == EAGAIN || errno == EACCES) return false;
  return fail_errno("cannot lock");
}

Status SlotLocks::lock(off_t byte) const {
  struct flock request = one_byte(F_WRLCK, byte);
  if (::fcntl(file_.get(), F_SETLKW, &request) == 0) return {};
  return fail_errno("cannot lock");
}

void SlotLocks::unlock(off_t byte) const {
  struct flock request = one_byte(F_UNLCK, byte);
  ::fcntl(file_.get(), F_SETLK, &request);
}

std::optional<pid_t> SlotLocks::holder(off_t byte) const {
  struct flock request = one_byte(F_WRLCK, byte);
  if (::fcntl(file_.get(), F_GETLK, &request) != 0) return 0;
  if (request.l_type == F_UNLCK) return {};
  return std::max<pid_t>(request.l_pid, 0);
}

void SlotLocks::keep() {
  ::fcntl(file_.get(), F_SETFD, 0);
  (void)file_.release();
}

}  // namespace pump::launcher
