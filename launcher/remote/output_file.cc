#include "launcher/remote/output_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <optional>
#include <utility>

#include "pump/os/file_io.h"
#include "pump/os/format.h"

namespace pump::launcher {
namespace {

constexpr mode_t kMode = 0666;  // less the umask, as compilers and assemblers open their outputs
constexpr int kAttempts = 16;   // against other processes that make the same file

/// What is at the place of the output; nothing if nothing is there.
Expected<std::optional<struct stat>> existing(const std::string& path) {
  struct stat info {};
  if (::lstat(path.c_str(), &info) != 0) {
    if (errno == ENOENT && !path.empty()) return std::nullopt;
    return fail_errno("cannot write " + path);
  }
  if (!S_ISREG(info.st_mode) || info.st_nlink != 1)
    return fail(path + " is not a plain file with one name", ENOTSUP);
  return info;
}

/// Gives a new file the mode and the owner of the one that it replaces.
Status keep_attributes(int file, const struct stat& old, const std::string& path) {
  const bool ours = old.st_uid == ::geteuid() && old.st_gid == ::getegid();
  if (!ours && ::fchown(file, old.st_uid, old.st_gid) != 0)
    return fail_errno("cannot keep the owner of " + path);
  if (::fchmod(file, old.st_mode & 07777U) != 0) return fail_errno("cannot keep the mode of " + path);
  return {};
}

}  // namespace

OutputFile::OutputFile(OutputFile&& other) noexcept
    : path_(std::move(other.path_)),
      temporary_(std::exchange(other.temporary_, std::string())),
      file_(std::move(other.file_)) {}

OutputFile::~OutputFile() {
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

Status OutputFile::open(const std::string& directory) {
  file_.reset(::open(directory.c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, kMode));
  for (int i = 0; !file_ && i < kAttempts; ++i) {
    std::string name = os::format("{}/.pump-{}-{}.tmp", directory, ::getpid(), i);
    file_.reset(::open(name.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, kMode));
    if (file_) temporary_ = std::move(name);
    if (!file_ && errno != EEXIST) break;
  }
  if (!file_) return fail_errno("cannot write " + path_);
  return {};
}

Expected<OutputFile> OutputFile::write(const std::string& path, std::string_view content, Kind kind) {
  PUMP_TRY(const std::optional<struct stat> old, existing(path));
  OutputFile output(path);
  PUMP_CHECK(output.open(std::string(os::dirname(path))));
  if (const Status written = os::write_all(output.file_.get(), content); !written)
    return fail_errno("cannot write " + path, written.error().code);
  if (old && (kind == Kind::Dependencies || old->st_size == 0))
    PUMP_CHECK(keep_attributes(output.file_.get(), *old, path));
  return output;
}

/// linkat(2) for a file that has no name. /proc, because a descriptor itself may be linked by root only.
Status OutputFile::give_name() {
  const std::string self = os::format("/proc/self/fd/{}", file_.get());
  for (int i = 0; i < kAttempts; ++i) {
    if (::linkat(AT_FDCWD, self.c_str(), AT_FDCWD, path_.c_str(), AT_SYMLINK_FOLLOW) == 0) return {};
    if (errno != EEXIST) break;
    if (::unlink(path_.c_str()) != 0 && errno != ENOENT) break;
  }
  return fail_errno("cannot write " + path_);
}

Status OutputFile::publish() {
  if (temporary_.empty()) {
    PUMP_CHECK(give_name());
  } else {
    if (::rename(temporary_.c_str(), path_.c_str()) != 0) return fail_errno("cannot write " + path_);
    temporary_.clear();
  }
  // Some file systems (NFS, quotas) report a full disk only here.
  if (::close(file_.release()) != 0) return fail_errno("cannot write " + path_);
  return {};
}

}  // namespace pump::launcher
