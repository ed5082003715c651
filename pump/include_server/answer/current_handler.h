// The request handler in use. It is replaced by a new one, which knows nothing, when it takes more memory than it may.
//
// A handler keeps what it learns: names, files, scans, copies in the mirror, also of files that are gone. Most of its tables
// only grow, because their elements refer to each other by address. A new handler frees all of it, and costs the next
// requests what the first ones of a server cost: less than a second for a large project. Rejected: removing single files
// from each table, which would need a count of references everywhere.
//
// A replaced handler stays for a while: stock clients still read the files that its replies named, after they have waited
// for a host. Any thread; the class has its own lock.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "pump/include_server/answer/counters.h"
#include "pump/include_server/answer/request_handler.h"
#include "pump/include_server/support/options.h"
#include "pump/os/error.h"

namespace pump::include_server {

class CurrentHandler {
 public:
  struct Limits {
    std::uint64_t most_bytes = 0;  ///< memory of the process, and bytes of mirror and fragments
    std::chrono::milliseconds least_life{600'000};  ///< of a handler, and for how long a replaced one stays
    std::chrono::milliseconds check_each{1000};     ///< after that
  };
  static Limits limits_of(const Options& options);

  /// Error: no mirror can be made. `memory`: the bytes that the process uses.
  static Expected<std::unique_ptr<CurrentHandler>> create(const Options& options,
                                                          std::shared_ptr<Counters> counters, Limits limits,
                                                          std::function<std::uint64_t()> memory);
  static Expected<std::unique_ptr<CurrentHandler>> create(const Options& options,
                                                          std::shared_ptr<Counters> counters);

  /// The handler, for one request.
  std::shared_ptr<RequestHandler> get();
  [[nodiscard]] std::string mirror_root() const;
  [[nodiscard]] std::uint64_t mirror_bytes() const;

 private:
  using Clock = std::chrono::steady_clock;

  CurrentHandler(Options options, std::shared_ptr<Counters> counters, Limits limits,
                 std::function<std::uint64_t()> memory, std::shared_ptr<RequestHandler> first);
  /// Returns a handler that is to be dropped, if there is one.
  std::shared_ptr<RequestHandler> check(Clock::time_point now);
  void replace(std::uint64_t bytes, Clock::time_point now);

  const Options options_;
  const std::shared_ptr<Counters> counters_;
  const Limits limits_;
  const std::function<std::uint64_t()> memory_;
  mutable std::mutex mutex_;  ///< all below; held while a handler is made
  std::shared_ptr<RequestHandler> current_, replaced_;
  Clock::time_point next_check_, replaced_at_;
};

}  // namespace pump::include_server
