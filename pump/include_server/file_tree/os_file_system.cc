// Decision: directory watches for names, file watches for the content of files that were loaded. A
// directory's watch does not report a change made through another hard link; a file's own watch does. With
// IN_MODIFY a directory's watch would report one event per write(2) of every object file that a build writes
// there; the files' own watches make it unnecessary.
//
// Decision: a list of file systems whose notifications are complete. Rejected: a list of those whose
// notifications are not (NFS, CIFS, FUSE, 9p ...), because it would miss new ones. On overlayfs, changes made
// to the layers below the mount are undefined behaviour according to the kernel's documentation, and are not
// seen here.
#include "pump/include_server/file_tree/os_file_system.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include <algorithm>
#include <array>
#include <climits>
#include <csignal>
#include <cstring>
#include <utility>

#include "pump/include_server/file_tree/stable_read.h"
#include "pump/include_server/support/log.h"
#include "pump/include_server/support/watch_limit.h"
#include "pump/os/format.h"

namespace pump::include_server {

namespace {

// statfs(2) f_type, from linux/magic.h and the file systems' sources.
constexpr std::array<std::uint32_t, 18> kTrusted = {
    0xEF53,      // ext2, ext3, ext4
    0x58465342,  // xfs
    0x9123683E,  // btrfs
    0x01021994,  // tmpfs
    0x858458F6,  // ramfs
    0x794C7630,  // overlayfs
    0x2FC12FC1,  // zfs
    0xF2F52010,  // f2fs
    0xCA451A4E,  // bcachefs
    0x3153464A,  // jfs
    0x52654973,  // reiserfs
    0x73717368,  // squashfs
    0xE0F5E1E2,  // erofs
    0x9660,      // iso9660
    0x4D44,      // vfat
    0x2011BAB0,  // exfat
    0x7366746E,  // ntfs3
    0x3434,      // nilfs2
};

constexpr std::uint32_t kDirectoryMask = IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO |
                                         IN_CLOSE_WRITE | IN_ATTRIB | IN_DELETE_SELF | IN_MOVE_SELF |
                                         IN_ONLYDIR | IN_DONT_FOLLOW;
constexpr std::uint32_t kFileMask =
    IN_MODIFY | IN_CLOSE_WRITE | IN_ATTRIB | IN_DELETE_SELF | IN_MOVE_SELF | IN_DONT_FOLLOW;

WatchEvent to_event(const inotify_event& raw) {
  WatchEvent event;
  event.watch = raw.wd;
  // The kernel pads the name with NULs.
  if (raw.len > 0) event.name.assign(raw.name, ::strnlen(raw.name, raw.len));
  event.overflow = (raw.mask & IN_Q_OVERFLOW) != 0;
  event.gone = (raw.mask & (IN_IGNORED | IN_UNMOUNT | IN_DELETE_SELF)) != 0;
  event.content = (raw.mask & (IN_MODIFY | IN_CLOSE_WRITE)) != 0;
  return event;
}

}  // namespace

OsFileSystem::OsFileSystem(Watches watches, std::size_t most_watches)
    : most_watches_(most_watches != 0 ? most_watches : most_file_watches()) {
  struct sigaction action = {};
  if (::sigaction(SIGIO, nullptr, &action) == 0 && action.sa_handler == SIG_DFL) {
    action.sa_handler = SIG_IGN;
    ::sigaction(SIGIO, &action, nullptr);
  }
  if (watches == Watches::Never) return;
  // Without /proc/self/mountinfo a mount over a known directory would not be noticed: nothing is trusted
  // then.
  mounts_.reset(::open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC));
  if (mounts_) inotify_.reset(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
}

Expected<FileStatus> OsFileSystem::status(const std::string& path) {
  struct stat st = {};
  if (::lstat(path.c_str(), &st) == 0) return to_status(st);
  if (errno == ENOENT || errno == ENOTDIR) return FileStatus{};
  return fail_errno(os::format("cannot stat '{}'", path));
}

Expected<std::string> OsFileSystem::read_link(const std::string& path) {
  std::array<char, PATH_MAX> target;  // NOLINT: filled by readlink
  const ssize_t length = ::readlink(path.c_str(), target.data(), target.size());
  if (length < 0) return fail_errno(os::format("cannot read the link '{}'", path));
  return std::string(target.data(), static_cast<std::size_t>(length));
}

Expected<FileSystem::Content> OsFileSystem::read(const std::string& path) {
  return read_stable(path);
}

bool OsFileSystem::trusted(const std::string& path, std::uint64_t device) {
  if (!inotify_) return false;
  if (device != 0 && device == trusted_device_.load(std::memory_order_acquire)) return true;
  // Anything mounted from here on is reported by a later drain(), which resets the device.
  const std::lock_guard lock(mutex_);
  const os::UniqueFd file(::open(path.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC));
  struct statfs fs = {};
  struct stat st = {};
  if (!file || ::fstatfs(file.get(), &fs) != 0 || ::fstat(file.get(), &st) != 0) return false;
  const auto type = static_cast<std::uint32_t>(fs.f_type);
  if (std::find(kTrusted.begin(), kTrusted.end(), type) == kTrusted.end()) return false;
  trusted_device_.store(st.st_dev, std::memory_order_release);
  return true;
}

int OsFileSystem::add(const std::string& path, std::uint32_t mask) {
  const std::lock_guard lock(watching_);
  // IN_MASK_ADD: if `path` is a directory by now, its own watch keeps its mask.
  const int watch = ::inotify_add_watch(inotify_.get(), path.c_str(), mask | IN_MASK_ADD);
  if (watch < 0 || watches_.contains(watch)) return watch;
  if (watches_.size() < most_watches_) {
    watches_.insert(watch);
    return watch;
  }
  // Only now it is known that this is not the watch of something that has one by another name.
  ::inotify_rm_watch(inotify_.get(), watch);
  if (!std::exchange(told_, true))
    log_line(Topic::Warning,
             "{} inotify watches are in use, this server's share of the user's limit of {}: further files "
             "are checked at "
             "each request (sysctl fs.inotify.max_user_watches)",
             most_watches_, user_watch_limit());
  return -1;
}

int OsFileSystem::watch(const std::string& directory) {
  return trusted(directory, 0) ? add(directory, kDirectoryMask) : -1;
}
int OsFileSystem::watch_file(const std::string& path, std::uint64_t device) {
  return trusted(path, device) ? add(path, kFileMask) : -1;
}

void OsFileSystem::unwatch(int watch) {
  if (!inotify_ || watch < 0) return;
  const std::lock_guard lock(watching_);
  ::inotify_rm_watch(inotify_.get(), watch);
  watches_.erase(watch);
}

void OsFileSystem::drain(std::vector<WatchEvent>& events) {
  if (!inotify_) return;
  const std::lock_guard lock(mutex_);
  std::array<pollfd, 2> ready = {pollfd{inotify_.get(), POLLIN, 0}, pollfd{mounts_.get(), POLLPRI, 0}};
  if (::poll(ready.data(), ready.size(), 0) <= 0) return;
  if ((ready[1].revents & (POLLPRI | POLLERR)) != 0) {
    WatchEvent mount_changed;
    mount_changed.overflow = true;
    trusted_device_ = 0;
    events.push_back(std::move(mount_changed));
  }
  if ((ready[0].revents & POLLIN) == 0) return;
  alignas(inotify_event) std::array<char, 64 * 1024> buffer;  // NOLINT: filled by read
  for (;;) {
    const ssize_t length = ::read(inotify_.get(), buffer.data(), buffer.size());
    if (length < 0 && errno == EINTR) continue;
    if (length <= 0) return;
    for (const char* at = buffer.data(); at < buffer.data() + length;) {
      const auto* raw = reinterpret_cast<const inotify_event*>(at);
      // The kernel has removed the watch: its file is gone.
      if ((raw->mask & IN_IGNORED) != 0) {
        const std::lock_guard counting(watching_);
        watches_.erase(raw->wd);
      }
      events.push_back(to_event(*raw));
      at += sizeof(inotify_event) + raw->len;
    }
  }
}

}  // namespace pump::include_server
