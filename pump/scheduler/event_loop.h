// The events that the scheduler's thread waits for: readable and writable descriptors, and a time.
//
// A handler runs in the thread that calls run_once(). It may end watches, its own included. stop(): any thread; all
// else: one thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <unordered_map>
#include <utility>

#include "pump/os/error.h"
#include "pump/os/unique_fd.h"

namespace pump::scheduler {

class EventLoop {
 public:
  using Handler = std::function<void()>;

  /// Calls a handler at each event of a descriptor, until it is destroyed. The descriptor and the loop outlive it.
  class Watch {
   public:
    Watch() = default;
    Watch(Watch&& other) noexcept { *this = std::move(other); }
    Watch& operator=(Watch&& other) noexcept {
      std::swap(loop_, other.loop_);
      std::swap(fd_, other.fd_);
      std::swap(number_, other.number_);
      return *this;
    }
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;
    ~Watch() {
      if (loop_ != nullptr) loop_->remove(fd_, number_);
    }
    explicit operator bool() const { return loop_ != nullptr; }

   private:
    friend class EventLoop;
    Watch(EventLoop* loop, int fd, std::uint64_t number) : loop_(loop), fd_(fd), number_(number) {}
    EventLoop* loop_ = nullptr;
    int fd_ = -1;
    std::uint64_t number_ = 0;
  };

  /// Error: no descriptor.
  Status open();
  /// `events`: EPOLLIN … Error: epoll_ctl(2) failed.
  Expected<Watch> watch(int fd, std::uint32_t events, Handler handler);
  /// Waits until `time`, for ever without one, or until something happens, and runs the handlers. False: stop() was
  /// called.
  bool run_once(std::optional<std::chrono::steady_clock::time_point> time);
  /// Runs handlers until nothing more has happened, without waiting. False: stop() was called.
  bool run_pending();
  void stop() const;

 private:
  /// `timeout`: of epoll_wait(2). Returns the number of events; nothing: stop() was called.
  std::optional<int> handle_events(int timeout);
  void remove(int fd, std::uint64_t number);

  os::UniqueFd epoll_, stop_event_;
  /// By number, not by descriptor: an event that was already fetched for a closed descriptor finds nothing.
  std::unordered_map<std::uint64_t, std::shared_ptr<Handler>> handlers_;
  std::uint64_t last_number_ = 0;
};

}  // namespace pump::scheduler
