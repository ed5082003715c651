// Tries in the background whether a host accepts connections.
//
// All addresses are tried at once, so that one that swallows packets does not use up the time. One thread, the event
// loop's, which outlives the probe.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "pump/os/unique_fd.h"
#include "pump/scheduler/event_loop.h"

namespace pump::scheduler {

class Probe {
 public:
  using Time = std::chrono::steady_clock::time_point;
  static constexpr std::chrono::seconds kLongest{4};  ///< as a launcher waits for a connection

  /// `addresses`: numeric.
  Probe(EventLoop& loop, const std::vector<std::string>& addresses, unsigned port, Time now);
  Probe(const Probe&) = delete;
  Probe& operator=(const Probe&) = delete;

  /// True: one address accepted. False: none did in time. Nothing: not yet.
  [[nodiscard]] std::optional<bool> result(Time now) const;
  [[nodiscard]] Time deadline() const { return deadline_; }

 private:
  struct Attempt {
    os::UniqueFd fd;
    EventLoop::Watch watch;  ///< ends before `fd`
  };
  void begin(EventLoop& loop, const std::string& address, unsigned port);
  void conclude(std::size_t attempt);

  std::vector<Attempt> attempts_;
  std::size_t running_ = 0;
  bool connected_ = false;
  Time deadline_;
};

}  // namespace pump::scheduler
