// Shows a running unit to distccmon-text and distccmon-gnome: a file DISTCC_DIR/state/binstate_PID.
//
// The content is distcc 3.4's struct dcc_task_state in the format of this machine (state.h, state.c). The monitors
// ignore a file whose process has ended, and remove one that is older than a minute. Any thread, one at a time.
#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>

#include "pump/os/unique_fd.h"

namespace pump::scheduler {

/// The values are those of distcc's enum dcc_phase.
enum class MonitorPhase : int { Connect = 2, Compile = 5 };

/// The file of one process; the destructor removes it. Without a usable DISTCC_DIR it does nothing.
class MonitorFile {
 public:
  struct Task {
    pid_t pid = 0;  ///< of the launcher
    std::string_view source, host;
    unsigned slot = 0;
  };

  MonitorFile() = default;
  MonitorFile(const std::string& distcc_directory, const Task& task);
  MonitorFile(MonitorFile&&) noexcept = default;
  MonitorFile& operator=(MonitorFile&& other) noexcept;
  ~MonitorFile();

  void set_phase(MonitorPhase phase);

 private:
  std::string name_;
  os::UniqueFd directory_, file_;
};

}  // namespace pump::scheduler
