// Decision: hold a read lease (fcntl F_SETLEASE F_RDLCK) during the read, if it is granted. The kernel grants
// it only if no process has the file open for writing, mappings included; a writer that opens the file
// meanwhile breaks it, which F_GETLEASE shows. So a lease that is unbroken after the read proves that one
// version was read. It requires the file's owner or CAP_LEASE, and a file system with leases. Without a
// lease, a file that was not modified for seconds is accepted after one read. A younger file, and one that is
// open for writing, is read until two reads are equal and nothing has changed for a clock tick: a write(2)
// sets the time stamp before it copies the first byte.
//
// While the lease is held, for some microseconds, a writer's open(2) waits; with O_NONBLOCK it fails with
// EWOULDBLOCK.
//
// Rejected: holding leases as long as content is cached (a writer is blocked up to 45 s while the server is
// stopped); comparing st_mtime only (one tick is up to 10 ms, on some file systems 2 s; it can be set to any
// value).
#include "pump/include_server/file_tree/stable_read.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <thread>

#include "pump/os/format.h"
#include "pump/os/unique_fd.h"

namespace pump::include_server {

namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kTick = 20'000'000;             // ns; kernel time stamps advance every 1 to 10 ms
constexpr std::int64_t kCoarseTick = 5 * kSecond / 2;  // FAT: 2 s; ext3, old NFS: 1 s
constexpr std::uint64_t kMostBytes = 1U << 30U;
constexpr std::int64_t kWriterPause = 250'000'000;  // ns; longest expected between two writes of one version
constexpr std::chrono::milliseconds kTimeLimit{500};

enum class Lease { Held, Refused, Unavailable };  // Refused: a process has the file open for writing

class ReadLease {
 public:
  explicit ReadLease(int fd) : fd_(fd) {
    if (::fcntl(fd, F_SETLEASE, F_RDLCK) == 0)
      state_ = Lease::Held;
    else
      state_ = errno == EAGAIN ? Lease::Refused : Lease::Unavailable;
  }
  ReadLease(const ReadLease&) = delete;
  ReadLease& operator=(const ReadLease&) = delete;
  ~ReadLease() {
    if (state_ == Lease::Held) ::fcntl(fd_, F_SETLEASE, F_UNLCK);
  }
  [[nodiscard]] Lease state() const { return state_; }
  /// Held all the time: no writer has opened the file.
  [[nodiscard]] bool unbroken() const { return state_ == Lease::Held && ::fcntl(fd_, F_GETLEASE) == F_RDLCK; }

 private:
  int fd_;
  Lease state_;
};

std::int64_t nanoseconds(const timespec& time) {
  return time.tv_sec * kSecond + time.tv_nsec;
}

/// True if a change after `now` could leave the time stamps as they are. Stamps in the future count, too: the
/// clock was set back.
bool may_hide_a_change(const FileStatus& status, std::int64_t now) {
  const bool fine = status.mtime_ns % kSecond != 0 || status.ctime_ns % kSecond != 0;
  return now - std::max(status.mtime_ns, status.ctime_ns) < (fine ? kTick : kCoarseTick);
}

Expected<std::string> read_all(int fd, const std::string& path, std::uint64_t expected) {
  std::string bytes(expected + 1, '\0');  // one more byte: a growing file is noticed
  std::size_t filled = 0;
  for (;;) {
    const ssize_t got = ::pread(fd, bytes.data() + filled, bytes.size() - filled, static_cast<off_t>(filled));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fail_errno(os::format("cannot read '{}'", path));
    if (got == 0) break;
    filled += static_cast<std::size_t>(got);
    if (filled == expected) break;  // if it grew meanwhile, its status shows it
    if (filled > kMostBytes) return fail(os::format("'{}' is larger than 1 GiB", path), EFBIG);
    if (filled == bytes.size()) bytes.resize(2 * bytes.size());
  }
  bytes.resize(filled);
  return bytes;
}

Expected<FileStatus> status_of(int fd, const std::string& path) {
  struct stat st = {};
  if (::fstat(fd, &st) != 0) return fail_errno(os::format("cannot stat '{}'", path));
  FileStatus status = to_status(st);
  if (status.kind != EntryKind::File) return fail(os::format("'{}' is not a regular file", path), EINVAL);
  if (status.size > kMostBytes) return fail(os::format("'{}' is larger than 1 GiB", path), EFBIG);
  return status;
}

std::int64_t clock_now() {
  timespec now = {};
  ::clock_gettime(CLOCK_REALTIME_COARSE, &now);  // the clock that time stamps are taken from
  return nanoseconds(now);
}

}  // namespace

FileStatus to_status(const struct stat& st) {
  FileStatus status;
  status.kind = S_ISREG(st.st_mode)   ? EntryKind::File
                : S_ISDIR(st.st_mode) ? EntryKind::Directory
                : S_ISLNK(st.st_mode) ? EntryKind::Symlink
                                      : EntryKind::Other;
  status.device = st.st_dev;
  status.inode = st.st_ino;
  status.size = static_cast<std::uint64_t>(st.st_size);
  status.links = st.st_nlink;
  status.mtime_ns = nanoseconds(st.st_mtim);
  status.ctime_ns = nanoseconds(st.st_ctim);
  status.mode = st.st_mode;
  status.uid = st.st_uid;
  status.gid = st.st_gid;
  return status;
}

Expected<FileSystem::Content> read_stable(const std::string& path) {
  using Clock = std::chrono::steady_clock;
  const os::UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW));
  if (!fd) return fail_errno(os::format("cannot open '{}'", path));
  PUMP_TRY(FileStatus before, status_of(fd.get(), path));
  const Clock::time_point start = Clock::now();
  Clock::time_point unchanged_since = start;
  std::string last;
  for (bool first = true; Clock::now() - start < kTimeLimit; first = false) {
    const ReadLease lease(fd.get());
    const std::int64_t now = clock_now();
    PUMP_TRY(std::string bytes, read_all(fd.get(), path, before.size));
    PUMP_TRY(const FileStatus after, status_of(fd.get(), path));
    const bool same = before == after && bytes.size() == after.size;
    const bool exclusive = lease.unbroken();
    const std::int64_t age = now - std::max(after.mtime_ns, after.ctime_ns);
    const bool untouched = lease.state() == Lease::Unavailable && age > kCoarseTick;
    if (!same || first || bytes != last) unchanged_since = Clock::now();
    // A writer that has the file open may be between two write(2) of one version: it gets time to close it.
    const bool open_elsewhere = lease.state() == Lease::Refused;
    const auto quiet_time = std::chrono::nanoseconds(open_elsewhere ? kWriterPause : kTick);
    const bool quiet =
        age > (open_elsewhere ? kCoarseTick : kTick) || Clock::now() - unchanged_since > quiet_time;
    if (same && (exclusive || untouched || (!first && quiet && bytes == last))) {
      const bool settled = !may_hide_a_change(after, now) && !open_elsewhere;
      return FileSystem::Content{std::move(bytes), after, settled, exclusive};
    }
    last = std::move(bytes);
    before = after;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return fail(os::format("'{}' kept changing while it was read", path), EAGAIN);
}

}  // namespace pump::include_server
