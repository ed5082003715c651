#include "pump/os/process_info.h"

#include <unistd.h>

#include <charconv>
#include <cstdio>

#include "pump/os/file_io.h"

namespace pump::os {

std::optional<ProcessInfo> parse_process_stat(std::string_view stat) {
  // "PID (NAME) STATE PARENT …". The name may hold any byte, also parentheses.
  const std::size_t begin = stat.find('(');
  const std::size_t end = stat.rfind(')');
  if (begin == std::string_view::npos || end == std::string_view::npos || end < begin) return {};
  const std::string_view rest = stat.substr(end + 1);
  constexpr std::size_t kState = 1;   // after a blank
  constexpr std::size_t kParent = 3;  // after another one
  if (rest.size() <= kParent) return {};
  ProcessInfo info;
  info.name = stat.substr(begin + 1, end - begin - 1);
  info.state = rest[kState];
  const auto [stopped, error] =
      std::from_chars(rest.data() + kParent, rest.data() + rest.size(), info.parent);
  if (error != std::errc()) return {};
  return info;
}

std::optional<ProcessInfo> look_up_process(pid_t pid) {
  constexpr std::size_t kLimit = 1U << 14U;
  const auto stat = read_file("/proc/" + std::to_string(pid) + "/stat", kLimit);
  if (!stat) return {};
  return parse_process_stat(*stat);
}

std::uint64_t resident_bytes() {
  constexpr std::size_t kLimit = 4096;
  const auto statm = read_file("/proc/self/statm", kLimit);
  unsigned long total = 0, resident = 0;
  if (!statm || std::sscanf(statm->c_str(), "%lu %lu", &total, &resident) != 2) return 0;
  return static_cast<std::uint64_t>(resident) * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

}  // namespace pump::os
