// How many compilers may run on this machine at once: PUMP_LOCAL_JOBS, or the processors that this process
// may use.
//
// The default respects the affinity mask (taskset, cpuset) and the CPU quota of the control group
// (containers), because the number of the machine's processors would overload what the build may use. Any
// thread.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "pump/os/environment.h"

namespace pump::launcher {

struct LocalJobs {
  unsigned number = 1;     ///< 0: no limit
  bool malformed = false;  ///< PUMP_LOCAL_JOBS is not a number; `number` is the default
};

LocalJobs local_jobs(const os::Environment& environment);

/// The processors that this process may use, at least 1.
unsigned usable_processors();

/// The smallest CPU quota, in processors, of the control groups in `memberships` (the content of
/// /proc/self/cgroup) and of those above them. Nothing: none has a quota. `read` returns the content of a
/// file, or nothing.
std::optional<double> cpu_quota(std::string_view memberships,
                                const std::function<std::optional<std::string>(const std::string&)>& read);

}  // namespace pump::launcher
