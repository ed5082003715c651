#include "launcher/server_reason.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "pump/os/unique_fd.h"

namespace pump::launcher {
namespace {

constexpr off_t kTail = 64 << 10;
constexpr std::string_view kVerdict = "preprocessing locally: ";  // Answerer::answer

std::string tail_of(const std::string& path) {
  const os::UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  struct stat status {};
  if (!file || ::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode)) return {};
  std::string text(static_cast<std::size_t>(std::min(status.st_size, kTail)), '\0');
  const ssize_t got =
      ::pread(file.get(), text.data(), text.size(), status.st_size - static_cast<off_t>(text.size()));
  text.resize(static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
  return text;
}

}  // namespace

std::string server_reason(const std::string& path, std::string_view process) {
  if (process.empty()) return {};
  const std::string log = tail_of(path);
  const std::string asked_by = fmt::format(" (process {} in ", process);
  // The last one: process numbers come back.
  for (std::size_t at = log.rfind(kVerdict); at != std::string::npos && at != 0; at = log.rfind(kVerdict, at - 1)) {
    const std::string_view line = std::string_view(log).substr(at, log.find('\n', at) - at);
    const std::size_t end = line.rfind(asked_by);
    if (end != std::string_view::npos && end > kVerdict.size())
      return std::string(line.substr(kVerdict.size(), end - kVerdict.size()));
  }
  return {};
}

}  // namespace pump::launcher
