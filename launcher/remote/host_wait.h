// Waits for a host and, at the same time, for the scheduler, which may take the host away (Move).
//
// No timeout is shorter than a second: a launcher that waits costs nothing. Main thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>

namespace pump::launcher {

class HostWait {
 public:
  using Clock = std::chrono::steady_clock;
  enum class Event : std::uint8_t { Ready, Moved, TimedOut };

  /// `scheduler` and `is_moved`: as in RemoteOptions.
  HostWait(int scheduler, std::function<bool()> is_moved);

  /// Until `fd` is ready for `events` (of poll(2)) or has an error, or the scheduler says Move. The time may pass the
  /// deadline by up to a second.
  Event wait(int fd, short events, Clock::time_point deadline);

 private:
  /// After the scheduler's descriptor became readable; `events`: what poll(2) said of it.
  bool hear_scheduler(short events);

  int scheduler_;  ///< -1: not watched any more
  std::function<bool()> is_moved_;
};

}  // namespace pump::launcher
