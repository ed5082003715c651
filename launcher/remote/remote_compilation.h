// Runs one unit on one host: connects, sends the job, waits, receives the reply into memory.
//
// Blocks, but never without an end: a connection that makes no progress for `io_timeout` is Stalled; TCP keepalive
// finds dead peers. While it waits it watches the connection to the scheduler, so that a Move ends the job at once,
// and the user's signals end the process as they would end a compiler. Main thread.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "pump/distcc/distccd_protocol.h"
#include "pump/distcc/hosts.h"
#include "pump/os/error.h"
#include "pump/scheduler/messages.h"

namespace pump::launcher {

class FileSource;

/// A job as the include server and the launcher prepared it.
struct RemoteJob {
  std::string cwd;
  std::vector<std::string> words;  ///< compiler first, by name
  FileSource* files = nullptr;     ///< from the include server's reply
};

struct RemoteResult {
  scheduler::Outcome outcome = scheduler::Outcome::ProtocolError;
  std::string detail;  ///< for people: what failed, or the first line of the compiler's messages
  /// This machine is at fault: a file of the job cannot be read, or no socket be made. The outcome is Moved, so that
  /// nobody blames the host, and another host would not help.
  bool fault_here = false;
  distcc::ReplyDecoder reply;  ///< complete if the outcome is Ok; with CompileError it may lack the object
  double connecting = 0, sending = 0, compiling = 0, receiving = 0;  ///< seconds
  std::uint64_t bytes_sent = 0, bytes_received = 0;
};

struct RemoteOptions {
  std::chrono::seconds io_timeout{300};  ///< DISTCC_IO_TIMEOUT
  std::chrono::seconds connect_timeout{4};
  std::string ssh = "ssh";         ///< DISTCC_SSH
  int scheduler = -1;              ///< readable: a message came, or the scheduler ended
  std::function<bool()> is_moved;  ///< called when `scheduler` is readable; true: give up with Moved
  /// Called when the connection is made, with the one of the addresses that accepted it; over ssh, "".
  std::function<void(const std::string&)> connected;
};

/// `addresses`: numeric, in the order to try; not used for ssh.
RemoteResult compile_remotely(const distcc::Host& host, const std::vector<std::string>& addresses,
                              const RemoteJob& job, const RemoteOptions& options);

}  // namespace pump::launcher
