#include "launcher/remote/host_wait.h"

#include <poll.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

namespace pump::launcher {
namespace {

using std::chrono::milliseconds;

int poll_timeout(HostWait::Clock::time_point deadline) {
  constexpr milliseconds kShortest(1000), kLongest(3'600'000);  // poll takes an int; wait() polls again
  const auto left = std::chrono::ceil<milliseconds>(deadline - HostWait::Clock::now());
  return static_cast<int>(std::clamp(left, kShortest, kLongest).count());
}

}  // namespace

HostWait::HostWait(int scheduler, std::function<bool()> is_moved)
    : scheduler_(is_moved ? scheduler : -1), is_moved_(std::move(is_moved)) {}

bool HostWait::hear_scheduler(short events) {
  if (is_moved_()) return true;
  // A scheduler that has ended would be readable for ever.
  if ((events & (POLLHUP | POLLERR | POLLNVAL)) != 0) scheduler_ = -1;
  return false;
}

HostWait::Event HostWait::wait(int fd, short events, Clock::time_point deadline) {
  while (true) {
    // poll(2) ignores negative descriptors.
    std::array<pollfd, 2> entries{pollfd{fd, events, 0}, pollfd{scheduler_, POLLIN, 0}};
    const int ready = ::poll(entries.data(), entries.size(), poll_timeout(deadline));
    if (ready < 0 && errno != EINTR)
      return Event::Ready;  // no memory: the caller's next call reports it, or works
    if (ready > 0 && entries[1].revents != 0 && hear_scheduler(entries[1].revents)) return Event::Moved;
    if (ready > 0 && entries[0].revents != 0) return Event::Ready;
    if (ready <= 0 && Clock::now() >= deadline) return Event::TimedOut;
  }
}

}  // namespace pump::launcher
