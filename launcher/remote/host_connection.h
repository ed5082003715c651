// A connection to distccd, over TCP or ssh. Sends and receives without blocking for longer than DISTCC_IO_TIMEOUT
// without progress, and while it waits it hears the scheduler.
//
// TCP keepalive ends the connection about a minute after the host has disappeared. TCP_USER_TIMEOUT is not used: it
// would also end the connection to a host that is alive but so busy that it reads nothing for a while. Main thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "launcher/remote/failure.h"
#include "launcher/remote/host_wait.h"
#include "launcher/remote/remote_compilation.h"
#include "launcher/remote/ssh_process.h"
#include "pump/distcc/fragments.h"
#include "pump/distcc/hosts.h"
#include "pump/os/unique_fd.h"

namespace pump::launcher {

class HostConnection {
 public:
  /// As compile_remotely(). Over TCP the addresses share connect_timeout. Over ssh the connection is made at once, and
  /// sending or receiving fails if ssh does.
  static Attempt<HostConnection> open(const distcc::Host& host, const std::vector<std::string>& addresses,
                                      const RemoteOptions& options);

  /// The address that accepted the connection; empty over ssh.
  [[nodiscard]] const std::string& address() const { return address_; }

  /// `more`: more follows soon.
  Attempt<void> send(std::string_view bytes, bool more);
  /// Sends parts of a file without copying them: what the parts contain must not change afterwards.
  Attempt<void> send_file(int file, const std::vector<distcc::Extent>& extents);
  /// Waits for bytes. 0: the host has closed the connection.
  Attempt<std::size_t> receive(char* to, std::size_t size);

  /// After receive() gave 0: the host's system has received all that was sent. As a system that closes a connection
  /// with unread bytes resets it, distccd has then also read all.
  [[nodiscard]] bool host_read_all() const;
  /// After a failure or the end: what ssh says about it, if it is to blame.
  std::optional<Failure> ssh_failure() { return ssh_ ? ssh_->failure() : std::nullopt; }

  [[nodiscard]] std::uint64_t bytes_sent() const { return sent_; }
  [[nodiscard]] std::uint64_t bytes_received() const { return received_; }

 private:
  explicit HostConnection(const RemoteOptions& options);
  Attempt<void> send_extent(int file, const distcc::Extent& extent);
  Attempt<void> connect(const std::string& address, unsigned port, HostWait::Clock::time_point deadline);
  Attempt<void> connect_to_any(const distcc::Host& host, const std::vector<std::string>& addresses,
                               std::chrono::seconds patience);
  /// Waits for the next progress.
  Attempt<void> wait(int fd, short events, std::string_view doing);

  [[nodiscard]] int to_host() const { return ssh_ ? ssh_->to_host() : socket_.get(); }
  [[nodiscard]] int from_host() const { return ssh_ ? ssh_->from_host() : socket_.get(); }

  HostWait wait_;
  std::chrono::seconds io_timeout_;
  os::UniqueFd socket_;  ///< for TCP
  std::string address_;
  std::optional<SshProcess> ssh_;
  std::uint64_t sent_ = 0, received_ = 0;
  bool more_likely_ = false;  ///< the last receive() filled its buffer
};

}  // namespace pump::launcher
