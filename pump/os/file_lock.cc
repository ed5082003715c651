#include "pump/os/file_lock.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace pump::os {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

/// The lock files that this process has open.
class OpenFiles {
 public:
  bool add(dev_t device, ino_t inode) {
    const std::lock_guard guard(mutex_);
    const std::pair file(device, inode);
    if (std::find(files_.begin(), files_.end(), file) != files_.end()) return false;
    files_.push_back(file);
    return true;
  }
  void remove(dev_t device, ino_t inode) {
    const std::lock_guard guard(mutex_);
    std::erase(files_, std::pair(device, inode));
  }

 private:
  std::mutex mutex_;
  std::vector<std::pair<dev_t, ino_t>> files_;
};

OpenFiles& open_files() {
  static OpenFiles files;
  return files;
}

/// Occupies the free numbers among 0, 1 and 2, so that Boost's descriptor gets none of them: a program that
/// is started later would get it as a standard stream.
class OccupiedStandardNumbers {
 public:
  /// `model`: any open descriptor.
  void occupy(int model) {
    for (UniqueFd& slot : slots_) {
      slot.reset(::fcntl(model, F_DUPFD_CLOEXEC, 0));
      if (slot.get() <= STDERR_FILENO) continue;
      slot.reset();
      break;
    }
  }

 private:
  std::array<UniqueFd, 3> slots_;
};

Expected<std::optional<LockHolder>> observe_descriptor(int fd, const std::string& path) {
  struct flock wanted {};
  wanted.l_type = F_WRLCK;
  wanted.l_whence = SEEK_SET;
  if (::fcntl(fd, F_GETLK, &wanted) != 0) return fail_errno("cannot ask for locks on " + path);
  if (wanted.l_type == F_UNLCK) return std::nullopt;
  const LockMode mode = wanted.l_type == F_RDLCK ? LockMode::kShared : LockMode::kExclusive;
  return LockHolder{mode, std::max<pid_t>(wanted.l_pid, 0)};
}

/// The descriptor of the file that Boost opened after `ours`. Usually it is the next free number; it is a
/// lower one if another thread closed a descriptor meanwhile.
int find_boost_descriptor(int ours, dev_t device, ino_t inode) {
  constexpr int kSpan = 1024;
  const auto matches = [&](int fd) {
    struct stat info {};
    return ::fstat(fd, &info) == 0 && info.st_dev == device && info.st_ino == inode;
  };
  for (int fd = ours + 1; fd < ours + kSpan; ++fd)
    if (matches(fd)) return fd;
  for (int fd = 0; fd < ours; ++fd)
    if (matches(fd)) return fd;
  return -1;
}

tl::unexpected<Error> lock_failure(const std::string& path,
                                   const boost::interprocess::interprocess_exception& error) {
  return fail_errno("cannot lock " + path, error.get_native_error());
}

}  // namespace

Expected<std::optional<LockHolder>> observe_lock(const std::string& path) {
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (fd) return observe_descriptor(fd.get(), path);
  if (errno == ENOENT) return std::nullopt;
  return fail_errno("cannot open " + path);
}

Expected<std::optional<LockHolder>> observe_lock(const UniqueFd& fd, const std::string& path) {
  return observe_descriptor(fd.get(), path);
}

FileLock::FileLock(std::string path, UniqueFd fd, const struct stat& identity)
    : path_(std::move(path)), fd_(std::move(fd)), device_(identity.st_dev), inode_(identity.st_ino) {}

FileLock::~FileLock() {
  if (boost_fd_ >= 0) open_files().remove(device_, inode_);
}

Expected<std::unique_ptr<FileLock>> FileLock::open(const std::string& path) {
  UniqueFd fd(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!fd) return fail_errno("cannot open " + path);
  OccupiedStandardNumbers occupied;
  if (fd.get() <= STDERR_FILENO) {  // otherwise open() would have returned a free one of these
    fd.reset(::fcntl(fd.get(), F_DUPFD_CLOEXEC, STDERR_FILENO + 1));
    occupied.occupy(fd.get());
  }
  struct stat info {};
  if (!fd || ::fstat(fd.get(), &info) != 0) return fail_errno("cannot open " + path);
  if (!S_ISREG(info.st_mode)) return fail(path + " is not a regular file", EINVAL);
  if (!open_files().add(info.st_dev, info.st_ino)) {
    // Closing the descriptor would drop the lock of the other FileLock. Only a bug leads here: leave it open.
    (void)fd.release();
    return fail("this process has " + path + " open already", EBUSY);
  }
  std::unique_ptr<FileLock> result(new FileLock(path, std::move(fd), info));
  try {
    result->lock_ = boost::interprocess::file_lock(path.c_str());
  } catch (const boost::interprocess::interprocess_exception& error) {
    open_files().remove(info.st_dev, info.st_ino);
    return lock_failure(path, error);
  }
  result->boost_fd_ = find_boost_descriptor(result->fd_.get(), info.st_dev, info.st_ino);
  if (result->boost_fd_ < 0 || ::fcntl(result->boost_fd_, F_SETFD, FD_CLOEXEC) != 0) {
    open_files().remove(info.st_dev, info.st_ino);
    return fail("cannot find the descriptor of " + path + ": replaced while it was opened", ESTALE);
  }
  return result;
}

Expected<bool> FileLock::try_lock(LockMode mode) {
  try {
    return mode == LockMode::kShared ? lock_.try_lock_sharable() : lock_.try_lock();
  } catch (const boost::interprocess::interprocess_exception& error) {
    return lock_failure(path_, error);
  }
}

Status FileLock::lock(LockMode mode, milliseconds patience) {
  constexpr milliseconds kLongestNap(20);
  const Clock::time_point deadline = Clock::now() + patience;
  for (milliseconds nap(1);; nap = std::min(nap * 2, kLongestNap)) {
    PUMP_TRY(const bool locked, try_lock(mode));
    if (locked) return {};
    if (Clock::now() >= deadline) return fail(path_ + " stays locked by another process", ETIMEDOUT);
    std::this_thread::sleep_for(nap);
  }
}

Status FileLock::unlock() {
  try {
    lock_.unlock();
    return {};
  } catch (const boost::interprocess::interprocess_exception& error) {
    return lock_failure(path_, error);
  }
}

Expected<std::optional<LockHolder>> FileLock::observe() const {
  return observe_descriptor(fd_.get(), path_);
}

bool FileLock::is_still_at_its_path() const {
  struct stat info {};
  return ::stat(path_.c_str(), &info) == 0 && info.st_dev == device_ && info.st_ino == inode_;
}

Status FileLock::keep_across_exec() {
  if (::fcntl(fd_.get(), F_SETFD, 0) == 0 && ::fcntl(boost_fd_, F_SETFD, 0) == 0) return {};
  return fail_errno("cannot keep " + path_ + " open");
}

}  // namespace pump::os
