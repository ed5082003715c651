#include "pump/session/boot_clock.h"

#include <ctime>

#include "pump/os/file_io.h"

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

}  // namespace pump::session
