// XXH3-128 of a file's content, or of any other bytes that stand for one input.
#pragma once

#include <cstdint>

namespace pump::include_server {

/// Identity of a file's content: XXH3-128 of its bytes.
struct ContentHash {
  std::uint64_t low = 0, high = 0;
  bool operator==(const ContentHash&) const = default;
};

}  // namespace pump::include_server
