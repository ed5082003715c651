// Decision: an owner lives while it holds a flock on the directory. Rejected: the process id in the name
// (ids are reused, and containers that share /dev/shm have ids of their own; the id is in the name only
// because the format of the name demands it); a lock file inside (a mirror may contain any name).
//
// distcc's Python include servers make directories of the same pattern without a lock. So only names with the
// prefix of this program are removed.
#include "pump/include_server/mirror/mirror_root.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>

#include <algorithm>
#include <memory>
#include <vector>

#include "pump/os/file_io.h"
#include "pump/os/format.h"

namespace pump::include_server {

namespace {

constexpr std::string_view kPrefix = "pump-";
constexpr std::string_view kMiddle = ".include_server-";
constexpr long kDepth = 3;  // distcc's INCLUDE_SERVER_DIR_DEPTH

long levels(std::string_view path) {
  return path == "/" ? 0 : std::count(path.begin(), path.end(), '/');
}

std::string join(const std::string& directory, std::string_view name) {
  return os::format("{}{}{}", directory, directory == "/" ? "" : "/", name);
}

/// Without empty and "." components: the client would count their slashes.
std::string normalised(std::string_view path) {
  std::string out;
  for (std::size_t at = 0; at < path.size();) {
    const std::size_t start = path.find_first_not_of('/', at);
    if (start == std::string_view::npos) break;
    at = std::min(path.find('/', start), path.size());
    const std::string_view name = path.substr(start, at - start);
    if (name != ".") out.append("/").append(name);
  }
  return out.empty() ? "/" : out;
}

/// Short, because every path of every reply contains it.
std::string random_name(unsigned number) {
  std::uint32_t bits = 0;
  if (::getrandom(&bits, sizeof bits, 0) != sizeof bits) bits = static_cast<std::uint32_t>(::getpid());
  return os::format("{}{:08x}{}{}-{}", kPrefix, bits, kMiddle, ::getpid(), number);
}

/// Opens a directory of this user, never through a link. Empty: another user's, or not a directory.
os::UniqueFd open_own_directory(const std::string& path) {
  os::UniqueFd fd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  struct stat st = {};
  if (!fd || ::fstat(fd.get(), &st) != 0 || st.st_uid != ::geteuid()) return {};
  return fd;
}

bool same_file(int fd, const std::string& path) {
  struct stat a = {};
  struct stat b = {};
  return ::fstat(fd, &a) == 0 && ::lstat(path.c_str(), &b) == 0 && a.st_dev == b.st_dev &&
         a.st_ino == b.st_ino;
}

/// Locks the directory. Empty: it is locked by another process, or was removed meanwhile: another server that
/// starts now may have found it unlocked and taken it for a dead server's.
os::UniqueFd lock_directory(const std::string& path) {
  os::UniqueFd fd = open_own_directory(path);
  if (!fd || ::flock(fd.get(), LOCK_EX | LOCK_NB) != 0 || !same_file(fd.get(), path)) return {};
  return fd;
}

}  // namespace

Expected<std::string> mirror_base(const std::string& client_tmp) {
  if (client_tmp.empty()) return ::access("/dev/shm", W_OK | X_OK) == 0 ? "/dev/shm" : "/tmp";
  if (client_tmp.front() != '/')
    return fail(os::format("DISTCC_CLIENT_TMP must be an absolute path, but is '{}'", client_tmp), EINVAL);
  std::string base = normalised(client_tmp);
  if ((base + "/").find("/../") != std::string::npos)
    return fail(os::format("DISTCC_CLIENT_TMP must not contain \"..\", but is '{}'", client_tmp), EINVAL);
  if (levels(base) > kDepth - 1)
    return fail(os::format("DISTCC_CLIENT_TMP must have at most two levels, but is '{}'", client_tmp),
                EINVAL);
  return base;
}

void remove_dead_roots(const std::string& base) {
  const std::unique_ptr<DIR, int (*)(DIR*)> listing(::opendir(base.c_str()), ::closedir);
  if (!listing) return;
  std::vector<std::string> candidates;
  while (const dirent* entry = ::readdir(listing.get())) {
    const std::string_view name = entry->d_name;
    if (name.starts_with(kPrefix) && name.find(kMiddle) != std::string_view::npos)
      candidates.push_back(join(base, name));
  }
  for (const std::string& path : candidates) {
    const os::UniqueFd lock = lock_directory(path);
    if (lock) (void)os::remove_tree(path);
  }
}

Expected<MirrorRoot> MirrorRoot::create(const std::string& base, unsigned number) {
  for (int attempt = 0; attempt < 16; ++attempt) {
    std::string top = join(base, random_name(number));
    if (::mkdir(top.c_str(), 0700) != 0) {
      if (errno == EEXIST) continue;
      return fail_errno(os::format("cannot make the mirror '{}'", top));
    }
    os::UniqueFd lock = lock_directory(top);
    if (!lock) continue;  // another server took it for a dead one's and removed it
    MirrorRoot root(std::move(top), std::move(lock));
    root.path_ = root.top_;
    for (long level = levels(root.top_); level < kDepth; ++level) {
      root.path_ += "/padding";
      if (::mkdir(root.path_.c_str(), 0700) != 0)
        return fail_errno(os::format("cannot make the mirror '{}'", root.path_));
    }
    struct stat st = {};
    if (::lstat(root.path_.c_str(), &st) != 0) continue;
    root.inode_ = st.st_ino;
    return root;
  }
  return fail(os::format("cannot make a mirror in '{}': every attempt was removed", base), EAGAIN);
}

MirrorRoot::~MirrorRoot() {
  if (lock_ && same_file(lock_.get(), top_)) (void)os::remove_tree(top_);
}

bool MirrorRoot::intact() const {
  struct stat st = {};
  return ::lstat(path_.c_str(), &st) == 0 && S_ISDIR(st.st_mode) && st.st_ino == inode_;
}

}  // namespace pump::include_server
