// The counters by which the file tree orders requests and changes. Any thread.
#pragma once

#include <atomic>
#include <cstdint>

namespace pump::include_server {

struct TreeClock {
  /// The last ticket given out. Each FileTree::begin() takes one: what was checked under a ticket is fresh
  /// for the requests with that ticket or an earlier one.
  std::atomic<std::uint64_t> tickets{0};
  /// Versions made so far. A request uses versions of its own generation and earlier.
  std::atomic<std::uint64_t> generation{1};
};

}  // namespace pump::include_server
