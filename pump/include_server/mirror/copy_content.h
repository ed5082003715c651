// The bytes of a copy that is sent, compressed, and its name. Any thread.
#pragma once

#include <string>

#include "pump/include_server/send_plan/copy_edits.h"
#include "pump/os/error.h"

namespace pump::include_server {

/// The LZO1X block of a copy. `bytes`: the file's, with the replacements made. Error: liblzo2 fails.
Expected<std::string> compressed_copy(const std::string& bytes, const CopyEdits& edits);

/// The name of a copy below the mirror's root (name_in_mirror() in pump/distcc/distccd_protocol.h).
std::string name_of_copy(const std::string& real_path, const CopyEdits& edits);

}  // namespace pump::include_server
