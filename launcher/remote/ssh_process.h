// A distccd that ssh starts on another machine, and that speaks over ssh's stdin and stdout.
//
// The command line is distcc's (3.4, src/ssh.c): the words of DISTCC_SSH, -l USER, the host, the command or "distccd",
// --inetd --enable-tcp-insecure. Both ends are sockets, as in distcc. What ssh writes to stderr is kept for messages;
// it asks for passwords on the terminal. Main thread.
#pragma once

#include <optional>
#include <string>

#include "launcher/remote/failure.h"
#include "pump/distcc/hosts.h"
#include "pump/os/process.h"
#include "pump/os/unique_fd.h"

namespace pump::launcher {

/// Ends and reaps ssh when it is destroyed.
class SshProcess {
 public:
  /// `ssh`: the value of DISTCC_SSH; words are separated by blanks.
  static Attempt<SshProcess> start(const distcc::Host& host, const std::string& ssh);
  SshProcess(SshProcess&& other) noexcept = default;
  SshProcess& operator=(SshProcess&& other) = delete;
  ~SshProcess();

  [[nodiscard]] int to_host() const { return in_.get(); }     ///< a non-blocking socket
  [[nodiscard]] int from_host() const { return out_.get(); }  ///< a non-blocking socket

  /// After the connection has ended: why, if ssh is to blame, or there is no distccd. Waits for ssh's end, for up to
  /// two seconds.
  std::optional<Failure> failure();

 private:
  SshProcess(os::Child child, os::UniqueFd in, os::UniqueFd out, os::UniqueFd messages);
  std::string first_message();

  os::Child child_;
  os::UniqueFd in_, out_, messages_;
};

}  // namespace pump::launcher
