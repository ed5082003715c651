#include "pump/include_server/server/event_set.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace pump::include_server {
namespace {

constexpr std::uint64_t kStop = 0;

bool control(int epoll, int operation, int fd, std::uint32_t events, std::uint64_t number) {
  epoll_event event{};
  event.events = events;
  event.data.u64 = number;
  return ::epoll_ctl(epoll, operation, fd, &event) == 0;
}

}  // namespace

Status EventSet::open() {
  epoll_ = os::UniqueFd(::epoll_create1(EPOLL_CLOEXEC));
  stop_event_ = os::UniqueFd(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!epoll_ || !stop_event_) return fail_errno("epoll or eventfd");
  if (!add(stop_event_.get(), EPOLLIN, kStop)) return fail_errno("epoll_ctl");
  return {};
}

bool EventSet::add(int fd, std::uint32_t events, std::uint64_t number) const {
  return control(epoll_.get(), EPOLL_CTL_ADD, fd, events, number);
}

bool EventSet::rearm(int fd, std::uint32_t events, std::uint64_t number) const {
  return control(epoll_.get(), EPOLL_CTL_MOD, fd, events, number);
}

std::optional<std::uint64_t> EventSet::wait() const {
  epoll_event event{};
  while (::epoll_wait(epoll_.get(), &event, 1, -1) <= 0) {
  }
  const std::uint64_t number = event.data.u64;  // a copy: the struct is packed
  if (number == kStop) return std::nullopt;
  return number;
}

void EventSet::stop() const {
  const std::uint64_t one = 1;
  if (stop_event_) static_cast<void>(!::write(stop_event_.get(), &one, sizeof one));
}

}  // namespace pump::include_server
