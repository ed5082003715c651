#include "pump/session/boot_clock.h"

#include <ctime>
#include <vector>

#include "pump/os/file_io.h"
#include "pump/os/format.h"
#include "pump/os/shell_quote.h"

namespace pump::session {

std::int64_t boot_milliseconds() {
  timespec now{};
  ::clock_gettime(CLOCK_BOOTTIME, &now);
  return std::int64_t{now.tv_sec} * 1000 + now.tv_nsec / 1'000'000;
}

std::string boot_id() {
  std::string id = os::read_file("/proc/sys/kernel/random/boot_id", 256).value_or(std::string());
  while (!id.empty() && id.back() == '\n') id.pop_back();
  return id;
}

std::string process_start_time(pid_t pid) {
  const std::string stat = os::read_file(os::format("/proc/{}/stat", pid), 1U << 16U).value_or(std::string());
  const std::size_t name_end = stat.rfind(')');  // the name may hold any byte
  if (name_end == std::string::npos) return {};
  const std::vector<std::string> fields = os::split_blanks(std::string_view(stat).substr(name_end + 1));
  constexpr std::size_t kState = 0;
  constexpr std::size_t kStartTime = 19;
  if (fields.size() <= kStartTime || fields[kState] == "Z" || fields[kState] == "X") return {};
  return fields[kStartTime];
}

}  // namespace pump::session
