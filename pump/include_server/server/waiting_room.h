// The connections that wait for their client: for the rest of a request, or for room to send the reply.
//
// A Connection belongs to one thread or to the waiting room, never to both. Any thread; the class has its own
// lock.
#pragma once

#include <tsl/robin_map.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <vector>

#include "pump/include_server/server/connection.h"

namespace pump::include_server {

class WaitingRoom {
 public:
  /// `announce` makes the event set report the connection; it is called before another thread can take() the
  /// connection, and hence before its descriptor can be closed and its number reused. If it returns false,
  /// the connection is closed.
  void put(std::unique_ptr<Connection> connection, const std::function<bool()>& announce = {});
  /// nullptr if it is not here (any more).
  std::unique_ptr<Connection> take(std::uint64_t number);
  /// The connection without progress for longest, if that is longer than `at_least`; else nullptr.
  std::unique_ptr<Connection> take_longest(std::chrono::milliseconds at_least);
  /// All without progress for longer than `idle`, or connected for longer than `total`.
  std::vector<std::unique_ptr<Connection>> take_overdue(std::chrono::milliseconds idle,
                                                        std::chrono::milliseconds total);
  [[nodiscard]] std::size_t size() const;
  [[nodiscard]] std::uint64_t bytes_held() const;  ///< sum of Connection::bytes_held

 private:
  using Queue = std::list<std::unique_ptr<Connection>>;
  std::unique_ptr<Connection> remove(Queue::iterator place);

  mutable std::mutex mutex_;  ///< all below
  Queue queue_;               ///< in the order of put(), which is nearly that of the last progress
  tsl::robin_map<std::uint64_t, Queue::iterator> places_;
  std::uint64_t bytes_held_ = 0;
};

}  // namespace pump::include_server
