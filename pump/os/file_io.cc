#include "pump/os/file_io.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <filesystem>
#include <system_error>

namespace pump::os {
namespace {

/// One byte more than a regular file has, so that the second read finds its end. Files in /proc report size
/// 0.
std::size_t first_buffer_size(int fd, std::size_t limit) {
  struct stat info {};
  std::size_t size = 4096;
  if (::fstat(fd, &info) == 0 && info.st_size > 0) size = static_cast<std::size_t>(info.st_size) + 1;
  return std::min(size, limit + 1);
}

/// Creates an empty file in the directory of `path` and sets its name.
Expected<UniqueFd> create_beside(const std::string& path, unsigned mode, std::string& name) {
  static std::atomic<unsigned> counter{0};
  for (int attempt = 0; attempt < 100; ++attempt) {
    name = path + "." + std::to_string(::getpid()) + "." + std::to_string(counter++) + ".tmp";
    const int fd = ::open(name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
    if (fd >= 0) return UniqueFd(fd);
    if (errno != EEXIST) break;  // EEXIST: left by a killed process with the same pid
  }
  return fail_errno("cannot create " + name);
}

}  // namespace

Expected<std::string> read_file(const std::string& path, std::size_t limit) {
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) return fail_errno("cannot open " + path);
  limit = std::min(limit, std::size_t{1} << 62U);
  std::string content(first_buffer_size(fd.get(), limit), '\0');
  std::size_t filled = 0;
  while (true) {
    const ssize_t got = ::read(fd.get(), content.data() + filled, content.size() - filled);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fail_errno("cannot read " + path);
    if (got == 0) break;
    filled += static_cast<std::size_t>(got);
    if (filled > limit) return fail(path + " is longer than " + std::to_string(limit) + " bytes", EFBIG);
    if (filled == content.size()) content.resize(std::min(filled * 2, limit + 1));
  }
  content.resize(filled);
  return content;
}

std::string read_tail(const std::string& path, std::size_t limit) {
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  struct stat info {};
  if (!fd || ::fstat(fd.get(), &info) != 0 || !S_ISREG(info.st_mode)) return {};
  std::string tail(std::min(limit, static_cast<std::size_t>(info.st_size)), '\0');
  const ssize_t got =
      ::pread(fd.get(), tail.data(), tail.size(), info.st_size - static_cast<off_t>(tail.size()));
  tail.resize(static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
  return tail;
}

Status write_file_atomically(const std::string& path, std::string_view content, unsigned mode) {
  std::string temporary;
  PUMP_TRY(const UniqueFd fd, create_beside(path, mode, temporary));
  Status status = write_all(fd.get(), content);
  if (!status)
    status = fail("cannot write " + temporary + ": " + status.error().message, status.error().code);
  if (status && ::rename(temporary.c_str(), path.c_str()) != 0) status = fail_errno("cannot replace " + path);
  if (!status) ::unlink(temporary.c_str());
  return status;
}

Status write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return fail_errno("cannot write");
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

Expected<std::string> read_link(const std::string& path) {
  std::array<char, 4096> target;  // PATH_MAX: the kernel allows no longer target
  const ssize_t length = ::readlink(path.c_str(), target.data(), target.size());
  if (length < 0) return fail_errno("cannot read the link " + path);
  return std::string(target.data(), static_cast<std::size_t>(length));
}

std::string_view dirname(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string_view::npos) return ".";
  return slash == 0 ? std::string_view("/") : path.substr(0, slash);
}

std::string_view basename(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

Status remove_tree(const std::string& path) {
  std::error_code error;
  std::filesystem::remove_all(
      path, error);  // uses openat and unlinkat: links swapped in meanwhile are not followed
  if (error && error != std::errc::no_such_file_or_directory)
    return fail_errno("cannot remove " + path, error.value());
  return {};
}

Expected<std::string> self_executable() {
  PUMP_TRY(std::string path, read_link("/proc/self/exe"));
  constexpr std::string_view kDeleted = " (deleted)";
  if (path.ends_with(kDeleted) && ::access(path.c_str(), F_OK) != 0)
    path.resize(path.size() - kDeleted.size());
  return path;
}

}  // namespace pump::os
