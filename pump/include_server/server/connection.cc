#include "pump/include_server/server/connection.h"

#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <utility>

namespace pump::include_server {
namespace {
thread_local std::array<char, 65536> receive_buffer;
}

Connection::Connection(os::UniqueFd fd, Peer peer, std::uint64_t number)
    : fd_(std::move(fd)),
      peer_(peer),
      number_(number),
      connected_(Clock::now()),
      last_progress_(connected_) {}

std::string_view Connection::receive_first() {
  const ssize_t got = ::recv(fd_.get(), receive_buffer.data(), receive_buffer.size(), MSG_DONTWAIT);
  if (got <= 0) return {};  // receive() finds out why
  received_first_ = static_cast<std::size_t>(got);
  last_progress_ = Clock::now();
  return {receive_buffer.data(), received_first_};
}

Connection::Progress Connection::receive() {
  if (const std::size_t size = std::exchange(received_first_, 0); size != 0)
    decoder_.feed({receive_buffer.data(), size});
  while (decoder_.state() == RequestDecoder::State::NeedsMore) {
    const ssize_t got = ::recv(fd_.get(), receive_buffer.data(), receive_buffer.size(), MSG_DONTWAIT);
    if (got == 0) return Progress::Gone;
    if (got < 0) {
      if (errno == EINTR) continue;
      return errno == EAGAIN ? Progress::WouldBlock : Progress::Gone;
    }
    last_progress_ = Clock::now();
    decoder_.feed({receive_buffer.data(), static_cast<std::size_t>(got)});
  }
  return Progress::Done;
}

Connection::Progress Connection::receive_soon(std::chrono::microseconds per_part,
                                              std::chrono::microseconds in_all) {
  const auto deadline = Clock::now() + in_all;
  const timespec patience{0, std::chrono::nanoseconds(per_part).count()};
  pollfd waiting{fd_.get(), POLLIN, 0};
  Progress progress = Progress::WouldBlock;
  while (progress == Progress::WouldBlock && Clock::now() < deadline) {
    if (::ppoll(&waiting, 1, &patience, nullptr) <= 0) break;
    progress = receive();
  }
  return progress;
}

void Connection::set_reply(std::shared_ptr<const std::string> reply) {
  reply_ = std::move(reply);
  sent_ = 0;
}

Connection::Progress Connection::send() {
  while (sent_ < reply_->size()) {
    const ssize_t put =
        ::send(fd_.get(), reply_->data() + sent_, reply_->size() - sent_, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (put < 0) {
      if (errno == EINTR) continue;
      return errno == EAGAIN ? Progress::WouldBlock : Progress::Gone;
    }
    last_progress_ = Clock::now();
    sent_ += static_cast<std::size_t>(put);
  }
  return Progress::Done;
}

void WaitingRoom::put(std::unique_ptr<Connection> connection, const std::function<bool()>& announce) {
  const std::lock_guard lock(mutex_);
  if (announce && !announce()) return;
  const std::uint64_t number = connection->number();
  held_ += connection->held();
  queue_.push_back(std::move(connection));
  places_[number] = std::prev(queue_.end());
}

std::unique_ptr<Connection> WaitingRoom::remove(Queue::iterator place) {
  std::unique_ptr<Connection> connection = std::move(*place);
  held_ -= connection->held();
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

std::uint64_t WaitingRoom::held() const {
  const std::lock_guard lock(mutex_);
  return held_;
}

}  // namespace pump::include_server
