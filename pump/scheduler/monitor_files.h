// Shows running units to distccmon-text and distccmon-gnome: files DISTCC_DIR/state/binstate_….
//
// The content is distcc 3.4's struct dcc_task_state in the format of this machine (state.h, state.c). The monitors ignore
// a file whose process does not exist, whatever the file's name is, and remove one that is older than a minute. distcc
// makes and removes a file for each unit. Here each slot has one, which is written in place: to make a file costs more
// than all else that the scheduler does for a unit. One thread.
#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>

#include "pump/scheduler/kept_file.h"

namespace pump::scheduler {

/// The values are those of distcc's enum dcc_phase.
enum class MonitorPhase : int { Connect = 2, Compile = 5 };

/// The file of one slot. Without a usable DISTCC_DIR it does nothing.
class MonitorFile {
 public:
  struct Task {
    pid_t pid = 0;  ///< of the launcher; 0: not known, and nothing is shown
    std::string_view source, host;
    unsigned slot = 0;
  };

  MonitorFile() = default;
  MonitorFile(const MonitorFile&) = delete;
  MonitorFile& operator=(const MonitorFile&) = delete;
  ~MonitorFile() { file_.remove(); }

  /// `name`: of the slot, part of the file's name.
  void show(const std::string& distcc_directory, const std::string& name, const Task& task);
  /// Nothing if no unit is shown.
  void set_phase(MonitorPhase phase) const;
  /// The unit has ended. The file stays.
  void hide();
  void remove() { file_.remove(); }

 private:
  KeptFile file_;
  bool shown_ = false;
};

}  // namespace pump::scheduler
