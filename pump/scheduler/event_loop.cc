#include "pump/scheduler/event_loop.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <limits>

namespace pump::scheduler {
namespace {

constexpr std::uint64_t kStop = 0;

bool add(int epoll, int fd, std::uint32_t events, std::uint64_t number) {
  epoll_event event{};
  event.events = events;
  event.data.u64 = number;
  return ::epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) == 0;
}

/// For epoll_wait(2): rounded up, so that the time has come when it returns. -1: no limit.
int milliseconds_until(std::optional<std::chrono::steady_clock::time_point> time) {
  if (!time) return -1;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(*time - std::chrono::steady_clock::now());
  return static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, std::numeric_limits<int>::max()));
}

}  // namespace

Status EventLoop::open() {
  epoll_.reset(::epoll_create1(EPOLL_CLOEXEC));
  stop_event_.reset(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!epoll_ || !stop_event_ || !add(epoll_.get(), stop_event_.get(), EPOLLIN, kStop))
    return fail_errno("cannot wait for events");
  return {};
}

Expected<EventLoop::Watch> EventLoop::watch(int fd, std::uint32_t events, Handler handler) {
  const std::uint64_t number = ++last_number_;
  if (!add(epoll_.get(), fd, events, number)) return fail_errno("cannot wait for events");
  handlers_.emplace(number, std::make_shared<Handler>(std::move(handler)));
  return Watch(this, fd, number);
}

bool EventLoop::run_once(std::optional<std::chrono::steady_clock::time_point> time) {
  return handle_events(milliseconds_until(time)).has_value();
}

bool EventLoop::run_pending() {
  while (const auto count = handle_events(0))
    if (*count == 0) return true;
  return false;
}

std::optional<int> EventLoop::handle_events(int timeout) {
  std::array<epoll_event, 64> events;
  const int count = ::epoll_wait(epoll_.get(), events.data(), static_cast<int>(events.size()), timeout);
  for (int i = 0; i < count; ++i) {
    const std::uint64_t number = events[static_cast<std::size_t>(i)].data.u64;
    if (number == kStop) return std::nullopt;
    const auto found = handlers_.find(number);
    if (found == handlers_.end()) continue;
    // The handler may end its own watch, which would destroy it while it runs.
    const std::shared_ptr<Handler> handler = found->second;
    (*handler)();
  }
  return std::max(count, 0);
}

void EventLoop::stop() const {
  const std::uint64_t one = 1;
  static_cast<void>(!::write(stop_event_.get(), &one, sizeof one));
}

void EventLoop::remove(int fd, std::uint64_t number) {
  // Closing the descriptor would not do: a child between vfork and execve may have a copy.
  ::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, fd, nullptr);
  handlers_.erase(number);
}

}  // namespace pump::scheduler
