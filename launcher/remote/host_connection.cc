#include "launcher/remote/host_connection.h"

#include <arpa/inet.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/sendfile.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <utility>

#include "pump/os/format.h"
#include "pump/os/ignored_signal.h"

namespace pump::launcher {
namespace {

using Clock = HostWait::Clock;
using scheduler::Outcome;

constexpr int kKeepaliveIdle = 30, kKeepaliveInterval = 10, kKeepaliveProbes = 3;  // seconds, seconds, probes

struct Address {
  sockaddr_storage storage{};
  socklen_t size = 0;
  [[nodiscard]] const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
};

/// "192.0.2.1", "2001:db8::1", "fe80::1%eth0". No name is looked up.
std::optional<Address> parse_address(const std::string& text, unsigned port) {
  Address address;
  sockaddr_in four{};
  four.sin_family = AF_INET;
  four.sin_port = htons(static_cast<std::uint16_t>(port));
  if (::inet_pton(AF_INET, text.c_str(), &four.sin_addr) == 1) {
    address.size = sizeof four;
    std::memcpy(&address.storage, &four, sizeof four);
    return address;
  }
  sockaddr_in6 six{};
  six.sin6_family = AF_INET6;
  six.sin6_port = htons(static_cast<std::uint16_t>(port));
  const std::size_t zone = text.find('%');
  if (zone != std::string::npos) six.sin6_scope_id = ::if_nametoindex(text.c_str() + zone + 1);
  if (::inet_pton(AF_INET6, text.substr(0, zone).c_str(), &six.sin6_addr) != 1) return std::nullopt;
  address.size = sizeof six;
  std::memcpy(&address.storage, &six, sizeof six);
  return address;
}

void set_option(int fd, int level, int name, int value) {
  (void)::setsockopt(fd, level, name, &value, sizeof value);  // works without, too
}

void set_options(int fd) {
  // The pieces of a job are collected before they are sent: nothing is gained by waiting.
  set_option(fd, IPPROTO_TCP, TCP_NODELAY, 1);
  set_option(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
  set_option(fd, IPPROTO_TCP, TCP_KEEPIDLE, kKeepaliveIdle);
  set_option(fd, IPPROTO_TCP, TCP_KEEPINTVL, kKeepaliveInterval);
  set_option(fd, IPPROTO_TCP, TCP_KEEPCNT, kKeepaliveProbes);
}

/// The error that a socket has got since the last call, or 0.
int pending_error(int fd) {
  int code = 0;
  socklen_t size = sizeof code;
  return ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &code, &size) == 0 ? code : errno;
}

tl::unexpected<Failure> connect_failed(const std::string& address, unsigned port, int code) {
  return fail_with(outcome_of_errno(code), os::format("{} port {}: {}", address, port, std::strerror(code)));
}

tl::unexpected<Failure> send_failed(int code) {
  return fail_with(outcome_of_errno(code), os::format("while the job was sent: {}", std::strerror(code)));
}

}  // namespace

HostConnection::HostConnection(const RemoteOptions& options)
    : wait_(options.scheduler, options.is_moved), io_timeout_(options.io_timeout) {}

Attempt<HostConnection> HostConnection::open(const distcc::Host& host,
                                             const std::vector<std::string>& addresses,
                                             const RemoteOptions& options) {
  HostConnection connection(options);
  if (host.ssh) {
    PUMP_TRY(SshProcess ssh, SshProcess::start(host, options.ssh));
    connection.ssh_.emplace(std::move(ssh));
  } else {
    PUMP_CHECK(connection.connect_to_any(host, addresses, options.connect_timeout));
  }
  return connection;
}

Attempt<void> HostConnection::connect_to_any(const distcc::Host& host,
                                             const std::vector<std::string>& addresses,
                                             std::chrono::seconds patience) {
  if (addresses.empty()) return fail_with(Outcome::Unreachable, "no address is known for " + host.name);
  const Clock::time_point deadline = Clock::now() + patience;
  Failure failure;
  for (std::size_t i = 0; i < addresses.size(); ++i) {
    // Each address gets its part of the time that is left: the first may be one that nobody answers.
    const Clock::time_point now = Clock::now();
    if (i > 0 && now >= deadline) break;
    const auto part = (deadline - now) / static_cast<int>(addresses.size() - i);
    const Attempt<void> connected = connect(addresses[i], host.port, now + part);
    if (connected) {
      address_ = addresses[i];
      return {};
    }
    const Failure& one = connected.error();
    if (one.here || one.outcome == Outcome::Moved) return tl::make_unexpected(one);
    // Refused tells more: a machine is there.
    if (failure.outcome != Outcome::Refused) failure.outcome = one.outcome;
    failure.detail += (failure.detail.empty() ? "" : "; ") + one.detail;
  }
  return tl::make_unexpected(failure);
}

Attempt<void> HostConnection::connect(const std::string& address, unsigned port, Clock::time_point deadline) {
  const auto parsed = parse_address(address, port);
  if (!parsed) return fail_with(Outcome::Unreachable, "not an address: " + address);
  socket_.reset(::socket(parsed->get()->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket_ && errno != EAFNOSUPPORT) return fail_here(fail_errno("cannot make a socket").value().message);
  if (!socket_) return connect_failed(address, port, errno);
  set_options(socket_.get());
  int code = ::connect(socket_.get(), parsed->get(), parsed->size) == 0 ? 0 : errno;
  if (code == EINPROGRESS || code == EINTR) {
    const HostWait::Event event = wait_.wait(socket_.get(), POLLOUT, deadline);
    if (event == HostWait::Event::Moved) return fail_with(Outcome::Moved, "the scheduler took the host away");
    code = event == HostWait::Event::TimedOut ? ETIMEDOUT : pending_error(socket_.get());
  }
  if (code != 0) return connect_failed(address, port, code);
  return {};
}

Attempt<void> HostConnection::wait(int fd, short events, std::string_view doing) {
  switch (wait_.wait(fd, events, Clock::now() + io_timeout_)) {
    case HostWait::Event::Ready:
      return {};
    case HostWait::Event::Moved:
      return fail_with(Outcome::Moved, "the scheduler took the host away");
    case HostWait::Event::TimedOut:
      break;
  }
  return fail_with(Outcome::Stalled, os::format("nothing {} for {} s", doing, io_timeout_.count()));
}

Attempt<void> HostConnection::send(std::string_view bytes, bool more) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(to_host(), bytes.data(), bytes.size(), MSG_NOSIGNAL | (more ? MSG_MORE : 0));
    if (sent >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(sent));
      sent_ += static_cast<std::uint64_t>(sent);
    } else if (errno == EAGAIN) {
      PUMP_CHECK(wait(to_host(), POLLOUT, "could be sent"));
    } else if (errno != EINTR) {
      return send_failed(errno);
    }
  }
  return {};
}

Attempt<void> HostConnection::send_extent(int file, const distcc::Extent& extent) {
  off_t at = extent.offset;
  const off_t end = at + static_cast<off_t>(extent.size);
  while (at < end) {
    const ssize_t sent = ::sendfile(to_host(), file, &at, static_cast<std::size_t>(end - at));
    if (sent > 0) {
      sent_ += static_cast<std::uint64_t>(sent);
    } else if (sent == 0) {
      return fail_here("the include server's fragments are not complete");
    } else if (errno == EAGAIN) {
      PUMP_CHECK(wait(to_host(), POLLOUT, "could be sent"));
    } else if (errno == EINVAL || errno == ENOSYS || errno == EIO || errno == ENOMEM) {
      return fail_here(fail_errno("cannot send the include server's fragments").value().message);
    } else if (errno != EINTR) {
      return send_failed(errno);
    }
  }
  return {};
}

Attempt<void> HostConnection::send_file(int file, const std::vector<distcc::Extent>& extents) {
  const os::IgnoredSignal ignored(SIGPIPE);  // sendfile(2) has no flag against it
  // Without it, each end of an extent would be sent as a packet of its own.
  if (socket_) set_option(socket_.get(), IPPROTO_TCP, TCP_CORK, 1);
  for (const distcc::Extent& extent : extents) PUMP_CHECK(send_extent(file, extent));
  if (socket_) set_option(socket_.get(), IPPROTO_TCP, TCP_CORK, 0);
  return {};
}

Attempt<std::size_t> HostConnection::receive(char* to, std::size_t size) {
  if (!std::exchange(more_likely_, false)) PUMP_CHECK(wait(from_host(), POLLIN, "came"));
  while (true) {
    const ssize_t got = ::recv(from_host(), to, size, 0);
    if (got >= 0) {
      received_ += static_cast<std::uint64_t>(got);
      more_likely_ = static_cast<std::size_t>(got) == size;
      return static_cast<std::size_t>(got);
    }
    if (errno == EAGAIN)
      PUMP_CHECK(wait(from_host(), POLLIN, "came"));
    else if (errno != EINTR)
      return fail_with(outcome_of_errno(errno),
                       os::format("while waiting for the reply: {}", std::strerror(errno)));
  }
}

bool HostConnection::host_read_all() const {
  int left = 0;
  return pending_error(to_host()) == 0 && ::ioctl(to_host(), SIOCOUTQ, &left) == 0 && left == 0;
}

}  // namespace pump::launcher
