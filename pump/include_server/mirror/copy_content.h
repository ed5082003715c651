// The bytes of a copy that is sent, compressed. Any thread.
#pragma once

#include <string>

#include "pump/include_server/send_plan/copy_edits.h"
#include "pump/os/error.h"

namespace pump::include_server {

/// The LZO1X block of a copy. `bytes`: the file's, with the replacements made. Error: liblzo2 fails.
Expected<std::string> compressed_copy(const std::string& bytes, const CopyEdits& edits);

}  // namespace pump::include_server
