// gcc takes two files of equal size, content and modification time (in seconds) for one when one of them says
// `#pragma once`. The server writes all of them within one second, so equal ones get different sizes there.
#pragma once

#include <vector>

#include "pump/include_server/travel.h"

namespace pump::include_server {

/// Sets ReplyEntry::padding. `imports`: the language has #import, which counts as `#pragma once`. Pure.
void pad_equal_files(std::vector<ReplyEntry>& entries, bool imports);

}  // namespace pump::include_server
