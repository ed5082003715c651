// Times since boot, which changes of the wall clock do not affect, and the boot itself. Any thread.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>

namespace pump::session {

/// Milliseconds since boot, including suspend (CLOCK_BOOTTIME); equal for all processes of a time namespace.
std::int64_t boot_milliseconds();

/// Identifies this boot of the machine; empty if /proc is not readable.
std::string boot_id();

/// When `pid` started, in clock ticks since boot: field 22 of /proc/PID/stat. It distinguishes a process from
/// an earlier one with the same pid. Empty if there is no such process, or only a zombie.
std::string process_start_time(pid_t pid);

}  // namespace pump::session
