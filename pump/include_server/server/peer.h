// The process at the other end of a Unix socket. Any thread.
#pragma once

#include <sys/types.h>

#include <string>

#include "pump/os/error.h"

namespace pump::include_server {

struct Peer {
  pid_t pid = 0;  ///< 0 if it is in another pid namespace
  uid_t uid = 0;
};

/// As of the peer's connect(2) (SO_PEERCRED).
Expected<Peer> peer_of(int socket);
/// The environment that `pid` was started with, NUL-separated. Empty if it cannot be read: the process is
/// gone, or in another namespace.
std::string environment_block_of(pid_t pid);

}  // namespace pump::include_server
