#include "pump/session/log_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pump/os/file_io.h"

namespace pump::session {
namespace {

constexpr off_t kMostBytes = 1 << 20;
constexpr std::size_t kKeptBytes = 1U << 18U;

}  // namespace

Expected<os::UniqueFd> open_log(const std::string& path) {
  os::UniqueFd fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!fd) return fail_errno("cannot open " + path);
  return fd;
}

void bound_log(int fd, const std::string& path) {
  struct stat info {};
  if (::fstat(fd, &info) != 0 || !S_ISREG(info.st_mode) || info.st_size <= kMostBytes) return;
  (void)os::write_file_atomically(path + ".old", os::read_tail(path, kKeptBytes));
  [[maybe_unused]] const int truncated = ::ftruncate(fd, 0);
}

std::string last_log_line(const std::string& path) {
  std::string text = os::read_tail(path, 4096);
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
  const std::size_t newline = text.rfind('\n');
  return newline == std::string::npos ? text : text.substr(newline + 1);
}

}  // namespace pump::session
