// A hash that identifies the content of a file, or other bytes. A value type; any thread.
#pragma once

#include <cstdint>

namespace pump::include_server {

/// XXH3-128. Equal hashes are taken to mean equal content.
struct ContentHash {
  std::uint64_t low = 0, high = 0;
  bool operator==(const ContentHash&) const = default;
};

}  // namespace pump::include_server
