// What one include server has done since its start. Any thread may count; a copy is a snapshot.
#pragma once

#include <atomic>
#include <cstdint>

namespace pump::include_server {

/// A number that threads may change at the same time.
class Counter {
 public:
  Counter() = default;
  Counter(const Counter& other) : value_(other.value()) {}
  Counter& operator=(const Counter&) = delete;
  [[nodiscard]] std::uint64_t value() const { return value_.load(std::memory_order_relaxed); }
  void add(std::uint64_t number = 1) { value_.fetch_add(number, std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

/// The status (server/status.h) has members of the same names.
struct Counters {
  Counter requests;     ///< replies to commands
  Counter cache_hits;   ///< of `requests`: answered from the reply cache
  Counter gave_up;      ///< of `requests`: refused, so that distcc preprocesses locally
  Counter approximate;  ///< of `requests`: answered by the path-insensitive walk
  Counter entries;      ///< paths in all replies
  Counter steps;        ///< directives walked, macros expanded
  Counter malformed;    ///< clients that broke the protocol
  Counter refused;      ///< clients of another or unknown uid
  Counter dropped;      ///< clients that were silent for too long, or had to make room
  Counter renewed;      ///< times that all files were forgotten (CurrentHandler)
};

}  // namespace pump::include_server
