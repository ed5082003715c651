// LZO1X-1, the compression of distcc's protocol. Any thread.
#pragma once

#include <string>
#include <string_view>

#include "pump/os/error.h"

namespace pump::include_server {

/// One LZO1X block, as distccd's lzo1x_decompress_safe expects it. Empty input gives three bytes. Error:
/// liblzo2 fails.
Expected<std::string> lzo_compress(std::string_view bytes);

}  // namespace pump::include_server
