// LZO1X, the compression of distcc's protocol. Any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "pump/os/error.h"

namespace pump::distcc {

/// One LZO1X-1 block, as distccd's lzo1x_decompress_safe expects it. Empty input gives three bytes. Error:
/// liblzo2 fails.
Expected<std::string> lzo_compress(std::string_view bytes);

/// The most bytes that a block of `size` uncompressed bytes has (LZO.FAQ).
constexpr std::size_t lzo_most_compressed(std::size_t size) {
  return size + size / 16 + 64 + 3;
}

/// The bytes of one block, which may come from an enemy. A block does not tell its uncompressed size, so this takes up
/// to twice the memory of the result, and less than `most` in any case. Errors: damaged, followed by other bytes, more
/// than `most` bytes, or (ENOMEM) no memory.
Expected<std::string> lzo_decompress(std::string_view packed, std::size_t most);

}  // namespace pump::distcc
