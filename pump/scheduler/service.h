// The scheduler in the session's server process: one thread that answers the launchers (messages.h) and carries out
// what the Scheduler decides.
//
// Each launcher has one connection. It holds the launcher's grant: when it ends, in whatever way, the slot is free. A
// packet that is not a message, or not one that is expected now, ends the connection; so does a full buffer of a
// client that does not read. Nothing waits for a client, a name server or a host.
//
// start() and the destructor: one thread.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "pump/os/error.h"

namespace pump::scheduler {

struct ServiceOptions {
  std::string socket;  ///< path; nothing may be there
  /// Gets lines without newline, from the service's thread.
  std::function<void(const std::string&)> log = [](const std::string&) {};
  std::string getent = "getent";  ///< resolver.h
};

class Service {
 public:
  /// Returns when launchers can connect. The socket has mode 0600, and only processes of this user are answered.
  /// Errors: the socket cannot be made; no descriptors, no thread.
  static Expected<std::unique_ptr<Service>> start(ServiceOptions options);
  /// Ends the thread and all connections. The socket's name stays.
  ~Service();
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

 private:
  struct Running;
  explicit Service(std::unique_ptr<Running> running);
  std::unique_ptr<Running> running_;
};

}  // namespace pump::scheduler
