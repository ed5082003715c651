// The fragments in use. When they are full, all are dropped and new ones are begun: each launcher keeps the memory that its
// reply is about, and what is still needed is soon written again. Any thread.
#pragma once

#include <cstdint>
#include <mutex>

#include "pump/include_server/answer/copies.h"

namespace pump::include_server {

class CurrentFragments {
 public:
  /// `most_bytes`: with so many they are full; the replies that are being made then may add more.
  explicit CurrentFragments(std::uint64_t most_bytes) : most_bytes_(most_bytes) {}

  /// The fragments, or new ones if these are full. Nothing: no such file can be made.
  Copies get();
  /// Call after `failed`, from get(), could not be written: makes room by beginning anew. False: `failed` had nothing
  /// to drop.
  bool drop(const Copies& failed);
  [[nodiscard]] std::uint64_t bytes() const;

 private:
  void replace();

  static constexpr std::uint64_t kFirstEpoch = 1ULL << 32U;  ///< a mirror has another
  const std::uint64_t most_bytes_;
  mutable std::mutex mutex_;  ///< all below
  Copies in_use_{nullptr, nullptr, kFirstEpoch};
  bool unavailable_ = false;  ///< this system has no such files
};

}  // namespace pump::include_server
