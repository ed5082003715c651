#include "pump/scheduler/monitor_files.h"

#include <unistd.h>

#include <array>
#include <cstddef>

#include "pump/os/file_io.h"
#include "pump/scheduler/distcc_directory.h"

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

}  // namespace

MonitorFile::MonitorFile(const std::string& distcc_directory, const Task& task)
    : name_("binstate_" + std::to_string(task.pid)) {
  if (task.pid <= 0) return;
  auto directory = open_distcc_subdirectory(distcc_directory, "state");
  if (!directory) return;
  auto file = open_distcc_file(*directory, name_);
  if (!file) return;
  directory_ = *std::move(directory);
  file_ = *std::move(file);
  TaskState state;
  state.pid = static_cast<unsigned long>(task.pid);
  copy(os::basename(task.source), state.file);
  copy(task.host, state.host);
  state.slot = static_cast<int>(task.slot);
  state.phase = static_cast<int>(MonitorPhase::Connect);
  static_cast<void>(!::pwrite(file_.get(), &state, sizeof state, 0));
}

MonitorFile& MonitorFile::operator=(MonitorFile&& other) noexcept {
  std::swap(name_, other.name_);
  std::swap(directory_, other.directory_);
  std::swap(file_, other.file_);
  return *this;
}

MonitorFile::~MonitorFile() {
  if (file_) ::unlinkat(directory_.get(), name_.c_str(), 0);
}

void MonitorFile::set_phase(MonitorPhase phase) {
  const int value = static_cast<int>(phase);
  if (file_) static_cast<void>(!::pwrite(file_.get(), &value, sizeof value, offsetof(TaskState, phase)));
}

}  // namespace pump::scheduler
