// Who is at the other end of a Unix socket. Any thread.
#pragma once

#include <sys/types.h>

#include <string>

#include "pump/os/error.h"

namespace pump::include_server {

struct Peer {
  pid_t pid = 0;  ///< 0 where it lives in another pid namespace
  uid_t uid = 0;
};

/// As of the peer's connect(2) (SO_PEERCRED).
Expected<Peer> peer_of(int socket);
/// The environment `pid` was started with, NUL-separated; empty where it cannot be read (gone, other
/// namespace).
std::string environment_block_of(pid_t pid);

}  // namespace pump::include_server
