#include "pump/session/private_directory.h"

#include <sys/stat.h>
#include <unistd.h>

#include "pump/os/file_io.h"
#include "pump/os/format.h"

namespace pump::session {
namespace {

tl::unexpected<Error> refuse(const std::string& path, std::string_view reason) {
  return fail(os::format("refusing to use {}: {}", path, reason), EPERM);
}

}  // namespace

Status verify_directory(const std::string& path, Privacy privacy) {
  struct stat info {};
  if (::lstat(path.c_str(), &info) != 0) return fail_errno("cannot use " + path);
  if (S_ISLNK(info.st_mode))
    return refuse(path, "it is a symbolic link; name the directory itself, or remove the link");
  if (!S_ISDIR(info.st_mode)) return refuse(path, "it is not a directory; remove it");
  if (info.st_uid != ::geteuid())
    return refuse(
        path, os::format("it belongs to uid {}, not to uid {}; set PUMP_RUNTIME_DIR to a directory of yours",
                         info.st_uid, ::geteuid()));
  const mode_t forbidden = privacy == Privacy::kPrivate ? S_IRWXG | S_IRWXO : S_IWGRP | S_IWOTH;
  if ((info.st_mode & forbidden) != 0)
    return refuse(
        path,
        os::format(
            "its mode {:04o} gives other users access; remove it, or chmod {} it if only you have used it",
            info.st_mode & 07777U, privacy == Privacy::kPrivate ? "700" : "go-w"));
  return {};
}

Status make_directory(const std::string& path, Privacy privacy) {
  Status status = verify_directory(path, privacy);
  if (status || status.error().code != ENOENT) return status;
  if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) return fail_errno("cannot create " + path);
  return verify_directory(path, privacy);
}

Status make_directories(const std::string& path, Privacy privacy) {
  Status status = make_directory(path, privacy);
  if (status || status.error().code != ENOENT || path.empty()) return status;
  const std::string parent(os::dirname(path));
  if (parent == path) return status;
  struct stat info {};
  if (::stat(parent.c_str(), &info) != 0) PUMP_CHECK(make_directories(parent, Privacy::kUnwritable));
  return make_directory(path, privacy);
}

}  // namespace pump::session
