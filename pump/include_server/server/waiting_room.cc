#include "pump/include_server/server/waiting_room.h"

#include <iterator>
#include <utility>

namespace pump::include_server {

void WaitingRoom::put(std::unique_ptr<Connection> connection, const std::function<bool()>& announce) {
  const std::lock_guard lock(mutex_);
  if (announce && !announce()) return;  // closes the connection
  const std::uint64_t number = connection->number();
  bytes_held_ += connection->bytes_held();
  queue_.push_back(std::move(connection));
  places_[number] = std::prev(queue_.end());
}

std::unique_ptr<Connection> WaitingRoom::remove(Queue::iterator place) {
  std::unique_ptr<Connection> connection = std::move(*place);
  bytes_held_ -= connection->bytes_held();
  places_.erase(connection->number());
  queue_.erase(place);
  return connection;
}

std::unique_ptr<Connection> WaitingRoom::take(std::uint64_t number) {
  const std::lock_guard lock(mutex_);
  const auto found = places_.find(number);
  return found == places_.end() ? nullptr : remove(found->second);
}

std::unique_ptr<Connection> WaitingRoom::take_longest(std::chrono::milliseconds at_least) {
  const std::lock_guard lock(mutex_);
  if (queue_.empty() || Connection::Clock::now() - queue_.front()->last_progress() < at_least) return nullptr;
  return remove(queue_.begin());
}

std::vector<std::unique_ptr<Connection>> WaitingRoom::take_overdue(std::chrono::milliseconds idle,
                                                                   std::chrono::milliseconds total) {
  const auto now = Connection::Clock::now();
  std::vector<std::unique_ptr<Connection>> overdue;
  const std::lock_guard lock(mutex_);
  for (auto place = queue_.begin(); place != queue_.end();) {
    const Connection& connection = **place;
    const auto here = place++;
    if (now - connection.last_progress() > idle || now - connection.connected() > total) {
      overdue.push_back(remove(here));
    }
  }
  return overdue;
}

std::size_t WaitingRoom::size() const {
  const std::lock_guard lock(mutex_);
  return queue_.size();
}

std::uint64_t WaitingRoom::bytes_held() const {
  const std::lock_guard lock(mutex_);
  return bytes_held_;
}

}  // namespace pump::include_server
