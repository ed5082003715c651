#include "pump/scheduler/monitor_files.h"

#include <unistd.h>

#include <array>
#include <cstddef>
#include <limits>

#include "pump/os/file_io.h"

namespace pump::scheduler {
namespace {

/// distcc 3.4's struct dcc_task_state. distcc keeps a pointer in the last member, which readers ignore.
struct TaskState {
  std::size_t size = sizeof(TaskState);
  unsigned long magic = 0x44494800;
  unsigned long pid = 0;
  std::array<char, 128> file{};
  std::array<char, 128> host{};
  int slot = 0;
  int phase = 0;
  void* next = nullptr;
};

void copy(std::string_view text, std::array<char, 128>& to) {
  text.copy(to.data(), to.size() - 1);
}

/// No process has this id: Linux has at most 4194304 (PID_MAX_LIMIT).
constexpr unsigned long kNobody = std::numeric_limits<pid_t>::max();

template <typename Value>
void write_at(const KeptFile& file, const Value& value, std::size_t offset) {
  static_cast<void>(!::pwrite(file.fd(), &value, sizeof value, static_cast<off_t>(offset)));
}

}  // namespace

void MonitorFile::show(const std::string& distcc_directory, const std::string& name, const Task& task) {
  shown_ = task.pid > 0 && file_.open(distcc_directory, "state", "binstate_" + name);
  if (!shown_) return;
  TaskState state;
  state.pid = static_cast<unsigned long>(task.pid);
  copy(os::basename(task.source), state.file);
  copy(task.host, state.host);
  state.slot = static_cast<int>(task.slot);
  state.phase = static_cast<int>(MonitorPhase::Connect);
  write_at(file_, state, 0);
}

void MonitorFile::set_phase(MonitorPhase phase) const {
  if (shown_) write_at(file_, static_cast<int>(phase), offsetof(TaskState, phase));
}

void MonitorFile::hide() {
  if (shown_) write_at(file_, kNobody, offsetof(TaskState, pid));
  shown_ = false;
}

}  // namespace pump::scheduler
