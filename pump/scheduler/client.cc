#include "pump/scheduler/client.h"

#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <cstring>

namespace pump::scheduler {

Expected<SchedulerClient> SchedulerClient::connect(const std::string& path) {
  sockaddr_un address{};
  if (path.size() >= sizeof address.sun_path) return fail("socket path too long: " + path, ENAMETOOLONG);
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.data(), path.size());
  os::UniqueFd fd(::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0));
  if (!fd) return fail_errno("cannot make a socket");
  while (::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    if (errno != EINTR) return fail_errno("cannot connect to " + path);
  return SchedulerClient(std::move(fd));
}

Expected<SchedulerClient::Answer> SchedulerClient::ask(const Want& want) {
  PUMP_CHECK(send(want));
  while (true) {
    PUMP_TRY(std::optional<Message> message, receive(0));
    if (!message) continue;
    if (auto* const grant = std::get_if<Grant>(&*message)) return std::move(*grant);
    if (auto* const local = std::get_if<Local>(&*message)) return std::move(*local);
    // A Move that was sent before the scheduler received the last `done`.
    if (!std::holds_alternative<Move>(*message)) return fail("not an answer of the scheduler", EPROTO);
  }
}

std::optional<Move> SchedulerClient::poll_move() {
  if (!fd_) return std::nullopt;
  auto message = receive(MSG_DONTWAIT);
  if (!message) fd_.reset();
  auto* const move = message && *message ? std::get_if<Move>(&**message) : nullptr;
  return move != nullptr ? std::optional(std::move(*move)) : std::nullopt;
}

void SchedulerClient::connected(const Connected& connected) {
  static_cast<void>(send(connected));
}

void SchedulerClient::done(const Done& done) {
  static_cast<void>(send(done));
}

Expected<std::string> SchedulerClient::status(const std::string& path) {
  PUMP_TRY(SchedulerClient client, connect(path));
  const timeval patience{.tv_sec = 5, .tv_usec = 0};
  ::setsockopt(client.fd(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  PUMP_CHECK(client.send(StatusRequest{}));
  PUMP_TRY(std::optional<Message> message, client.receive(0));
  auto* const reply = message ? std::get_if<StatusReply>(&*message) : nullptr;
  if (reply == nullptr) return fail("no answer of the scheduler", EPROTO);
  return std::move(reply->json);
}

Status SchedulerClient::send(const Message& message) {
  const std::string packet = encode(message);
  while (::send(fd_.get(), packet.data(), packet.size(), MSG_NOSIGNAL) < 0)
    if (errno != EINTR) return fail_errno("cannot send to the scheduler");
  return {};
}

Expected<std::optional<Message>> SchedulerClient::receive(int flags) {
  // First only the size: most packets are small, and a large buffer costs page faults.
  ssize_t got = 0;
  while ((got = ::recv(fd_.get(), nullptr, 0, flags | MSG_PEEK | MSG_TRUNC)) < 0 && errno == EINTR) continue;
  std::string packet(static_cast<std::size_t>(std::max<ssize_t>(got, 0)), '\0');
  if (got > 0) got = ::recv(fd_.get(), packet.data(), packet.size(), MSG_DONTWAIT);
  if (got < 0 && errno == EAGAIN) return std::nullopt;
  if (got < 0) return fail_errno("cannot hear the scheduler");
  if (got == 0) return fail("the scheduler has ended", EPIPE);
  PUMP_TRY(Message message, decode(packet));
  return message;
}

}  // namespace pump::scheduler
