// The addresses of host names, without waiting.
//
// A name is looked up by `getent ahosts NAME`, a child process that calls getaddrinfo(3). This program is linked
// statically, and the C library's getaddrinfo() would have to load modules (mDNS, LDAP, systemd's resolver) of the very
// version with which it was built. A child can also be killed when it hangs, and lookups do not wait for each other.
//
// Addresses are kept for a minute, then looked up again in the background: nobody waits for a name that is known. A
// name that no longer resolves keeps its last addresses, with a line in the log. They come in getaddrinfo's order, except that
// one that accepted a connection when the first did not stays first. One thread, the event loop's.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "pump/os/error.h"
#include "pump/os/process.h"
#include "pump/os/unique_fd.h"
#include "pump/scheduler/event_loop.h"

namespace pump::scheduler {

class Resolver {
 public:
  using Time = std::chrono::steady_clock::time_point;
  using Addresses = std::vector<std::string>;

  /// `getent`: name or path of the program. `log` gets lines without newline.
  Resolver(EventLoop& loop, std::string getent, std::function<void(const std::string&)> log);
  ~Resolver();
  Resolver(const Resolver&) = delete;
  Resolver& operator=(const Resolver&) = delete;

  /// Numeric addresses of `name`, in the order to try. Nothing: they are being looked up; ask again when the event
  /// loop has run. Error: the name does not resolve.
  std::optional<Expected<Addresses>> find(const std::string& name, Time now);
  /// An address that find() gave, and not as the first, works. Comes first from now on.
  void prefer(const std::string& name, const std::string& address);
  /// Looks a known name up again, in the background, unless that has just been done.
  void refresh(const std::string& name, Time now);
  /// Ends lookups that take too long.
  void expire(Time now);
  /// When expire() has to be called; nothing: never.
  [[nodiscard]] std::optional<Time> next_time() const;

 private:
  struct Lookup;
  struct Entry {
    Entry();
    ~Entry();
    Addresses addresses;  ///< the last good ones
    std::string preferred;
    std::string error;  ///< of the last lookup; empty: it succeeded
    std::optional<Time> looked_up;
    std::unique_ptr<Lookup> lookup;  ///< that runs
  };
  void start(const std::string& name, Entry& entry, Time now);
  void receive(const std::string& name);
  void finish(const std::string& name, Entry& entry, Expected<Addresses> result, Time now);

  EventLoop& loop_;
  const std::string getent_;
  const std::function<void(const std::string&)> log_;
  std::unordered_map<std::string, Entry> entries_;
};

}  // namespace pump::scheduler
