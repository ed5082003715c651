#include "launcher/report/server_reason.h"

#include "pump/os/file_io.h"
#include "pump/os/format.h"

namespace pump::launcher {
namespace {

constexpr std::size_t kTail = 64U << 10U;
/// The include server writes lines "… preprocessing locally: REASON: DETAIL (process PID in DIRECTORY:
/// COMMAND)".
constexpr std::string_view kLinePrefix = "preprocessing locally: ";

}  // namespace

std::string server_reason(const std::string& path, std::string_view process) {
  if (process.empty()) return {};
  const std::string log = os::read_tail(path, kTail);
  const std::string asked_by = os::format(" (process {} in ", process);
  // The last one counts, because process numbers are reused.
  for (std::size_t at = log.rfind(kLinePrefix); at != std::string::npos && at != 0;
       at = log.rfind(kLinePrefix, at - 1)) {
    const std::string_view line = std::string_view(log).substr(at, log.find('\n', at) - at);
    const std::size_t end = line.rfind(asked_by);
    if (end != std::string_view::npos && end > kLinePrefix.size())
      return std::string(line.substr(kLinePrefix.size(), end - kLinePrefix.size()));
  }
  return {};
}

}  // namespace pump::launcher
