// The events that worker threads wait for: an epoll set, and a stop event.
//
// Each descriptor is added under a number. Events report the number only: an event for a descriptor that was
// closed meanwhile finds nothing under its number instead of freed memory. Any thread.
#pragma once

#include <cstdint>
#include <optional>

#include "pump/os/error.h"
#include "pump/os/unique_fd.h"

namespace pump::include_server {

class EventSet {
 public:
  /// Error: no descriptor.
  Status open();

  /// Reports `number` each time one of `events` (EPOLLIN …) occurs. With EPOLLONESHOT: once, then again after
  /// rearm(). Numbers begin at 1. False: epoll_ctl(2) failed.
  bool add(int fd, std::uint32_t events, std::uint64_t number) const;
  bool rearm(int fd, std::uint32_t events, std::uint64_t number) const;

  /// Waits for an event and returns its number; nothing once stop() was called.
  [[nodiscard]] std::optional<std::uint64_t> wait() const;
  /// Ends all calls of wait(), also later ones.
  void stop() const;

 private:
  os::UniqueFd epoll_, stop_event_;
};

}  // namespace pump::include_server
