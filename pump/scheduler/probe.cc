#include "pump/scheduler/probe.h"

#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <cstring>

namespace pump::scheduler {
namespace {

struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t size = 0;
};

/// A numeric address of either family; an IPv6 address may have a zone ("fe80::1%eth0"). Nothing: it is none.
std::optional<SocketAddress> parse_address(const std::string& text, unsigned port) {
  SocketAddress address;
  sockaddr_in v4{};
  v4.sin_family = AF_INET;
  v4.sin_port = htons(static_cast<std::uint16_t>(port));
  if (::inet_pton(AF_INET, text.c_str(), &v4.sin_addr) == 1) {
    std::memcpy(&address.storage, &v4, address.size = sizeof v4);
    return address;
  }
  sockaddr_in6 v6{};
  v6.sin6_family = AF_INET6;
  v6.sin6_port = htons(static_cast<std::uint16_t>(port));
  const std::size_t percent = text.find('%');
  if (::inet_pton(AF_INET6, text.substr(0, percent).c_str(), &v6.sin6_addr) != 1) return std::nullopt;
  if (percent != std::string::npos) v6.sin6_scope_id = ::if_nametoindex(text.c_str() + percent + 1);
  std::memcpy(&address.storage, &v6, address.size = sizeof v6);
  return address;
}

}  // namespace

Probe::Probe(EventLoop& loop, const std::vector<std::string>& addresses, unsigned port, Time now)
    : deadline_(now + kLongest) {
  for (const std::string& address : addresses) begin(loop, address, port);
}

void Probe::begin(EventLoop& loop, const std::string& text, unsigned port) {
  const auto address = parse_address(text, port);
  if (!address) return;
  os::UniqueFd fd(::socket(address->storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!fd) return;
  const auto* const generic = reinterpret_cast<const sockaddr*>(&address->storage);
  if (::connect(fd.get(), generic, address->size) == 0) {
    connected_ = true;
    return;
  }
  if (errno != EINPROGRESS) return;
  auto watch = loop.watch(fd.get(), EPOLLOUT, [this, number = attempts_.size()] { conclude(number); });
  if (!watch) return;
  attempts_.push_back({std::move(fd), *std::move(watch)});
  ++running_;
}

void Probe::conclude(std::size_t number) {
  Attempt& attempt = attempts_[number];
  int code = 0;
  socklen_t size = sizeof code;
  if (::getsockopt(attempt.fd.get(), SOL_SOCKET, SO_ERROR, &code, &size) == 0 && code == 0) connected_ = true;
  attempt.watch = {};
  attempt.fd.reset();
  --running_;
}

std::optional<bool> Probe::result(Time now) const {
  if (connected_) return true;
  if (running_ == 0 || now >= deadline_) return false;
  return std::nullopt;
}

}  // namespace pump::scheduler
