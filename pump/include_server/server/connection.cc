#include "pump/include_server/server/connection.h"

#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

namespace pump::include_server {
namespace {
thread_local std::array<char, 65536> receive_buffer;
}  // namespace

Connection::Connection(os::UniqueFd fd, Peer peer, std::uint64_t number)
    : fd_(std::move(fd)),
      peer_(peer),
      number_(number),
      connected_(Clock::now()),
      last_progress_(connected_) {}

std::string_view Connection::receive_first() {
  const ssize_t got = ::recv(fd_.get(), receive_buffer.data(), receive_buffer.size(), MSG_DONTWAIT);
  if (got <= 0) return {};  // receive() finds the reason
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

void Connection::set_reply(Reply reply) {
  reply_ = std::move(reply);
  sent_ = 0;
}

ssize_t Connection::send_rest() const {
  const std::string& bytes = *reply_.encoded;
  iovec rest{const_cast<char*>(bytes.data()) + sent_, bytes.size() - sent_};
  msghdr message{};
  message.msg_iov = &rest;
  message.msg_iovlen = 1;
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control{};
  if (reply_.fragments && sent_ == 0) {
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    cmsghdr* const header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int));
    const int descriptor = reply_.fragments->fd();
    std::memcpy(CMSG_DATA(header), &descriptor, sizeof descriptor);
  }
  return ::sendmsg(fd_.get(), &message, MSG_DONTWAIT | MSG_NOSIGNAL);
}

Connection::Progress Connection::send() {
  while (sent_ < reply_.encoded->size()) {
    const ssize_t put = send_rest();
    if (put < 0) {
      if (errno == EINTR) continue;
      return errno == EAGAIN ? Progress::WouldBlock : Progress::Gone;
    }
    last_progress_ = Clock::now();
    sent_ += static_cast<std::size_t>(put);
  }
  return Progress::Done;
}

}  // namespace pump::include_server
