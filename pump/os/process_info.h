// What the kernel says about processes: /proc/PID/stat, /proc/self/statm. Any thread.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pump::os {

struct ProcessInfo {
  std::string name;  ///< of its program, at most 15 bytes
  char state = '?';  ///< 'R', 'S', 'D', 'T' (stopped), 'Z' …: proc_pid_stat(5)
  pid_t parent = 0;  ///< 0: none, or in a PID namespace that is not visible here
};

/// Nothing: there is no such process, or /proc does not show it.
std::optional<ProcessInfo> look_up_process(pid_t pid);

/// The content of /proc/PID/stat. Nothing if it is malformed.
std::optional<ProcessInfo> parse_process_stat(std::string_view stat);

/// Resident memory of this process, in bytes; 0 if /proc cannot be read.
std::uint64_t resident_bytes();

}  // namespace pump::os
