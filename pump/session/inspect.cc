#include "pump/session/inspect.h"

#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "pump/os/file_io.h"
#include "pump/os/file_lock.h"
#include "pump/os/format.h"
#include "pump/os/shell_quote.h"
#include "pump/os/text.h"
#include "pump/session/boot_clock.h"
#include "pump/session/pins.h"
#include "pump/session/state_file.h"

namespace pump::session {
namespace {

/// Counts shared POSIX locks on one file. A line of /proc/locks, see proc(5):
///   1: POSIX  ADVISORY  READ 812 fd:01:131 0 EOF
/// A second word "->" marks a process that waits for the lock. Locks of PID namespaces that this process
/// cannot see are not listed.
class SharedLockCounter {
 public:
  explicit SharedLockCounter(const struct stat& file)
      : exact_(os::format("{:02x}:{:02x}:{}", ::major(file.st_dev), ::minor(file.st_dev), file.st_ino)),
        inode_(os::format(":{}", file.st_ino)) {}

  void add_line(std::string_view line) {
    const std::vector<std::string> words = os::split_blanks(line);
    if (words.size() < 6 || words[1] != "POSIX" || words[3] != "READ") return;
    if (words[5] == exact_) ++exact_matches_;
    if (words[5].ends_with(inode_)) ++inode_matches_;
  }

  /// On overlayfs and btrfs, /proc/locks and stat(2) give different device numbers: then only the inode
  /// counts.
  [[nodiscard]] std::uint64_t count() const { return exact_matches_ > 0 ? exact_matches_ : inode_matches_; }

 private:
  std::string exact_;
  std::string inode_;
  std::uint64_t exact_matches_ = 0;
  std::uint64_t inode_matches_ = 0;
};

Expected<std::uint64_t> count_clients(const Directory& directory) {
  struct stat info {};
  if (::stat(directory.clients_lock().c_str(), &info) != 0) return 0;
  PUMP_TRY(const std::string locks, os::read_file("/proc/locks"));
  SharedLockCounter counter(info);
  os::for_each_line(locks, [&](std::string_view line) { counter.add_line(line); });
  return counter.count();
}

}  // namespace

Expected<Probe> probe_server(const Directory& directory) {
  PUMP_TRY(const std::optional<os::LockHolder> holder, os::observe_lock(directory.alive_lock()));
  if (!holder || holder->mode != os::LockMode::kExclusive) return Probe{};
  return Probe{.alive = true, .ready = has_state(directory), .pid = holder->pid};
}

Expected<SessionInfo> inspect(const Directory& directory) {
  SessionInfo info;
  info.directory = directory.path();
  PUMP_TRY(const Probe probe, probe_server(directory));
  PUMP_TRY(info.clients, count_clients(directory));
  info.pins = count_pins(directory);
  info.running = probe.alive;
  info.pid = probe.pid;
  if (!probe.alive) return info;
  if (const std::optional<State> state = read_state(directory)) {
    info.served = state->served;
    info.backend = state->backend;
    info.uptime_seconds = static_cast<double>(boot_milliseconds() - state->started_ms) / 1000.0;
  }
  return info;
}

}  // namespace pump::session
