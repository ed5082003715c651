// The dependency file that a server's compiler wrote, as a compilation on this machine writes it: with this
// machine's names, and with lines broken where the compiler breaks them for those names. Pure; any thread.
//
// Rejected: the compiler's -M here for each unit (it costs the preprocessing that pump mode saves).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "launcher/decide/dependency_file.h"
#include "launcher/decide/relative_names.h"
#include "pump/distcc/prediction.h"

namespace pump::launcher {

using ShortenedNames = std::vector<distcc::ShortenedName>;

/// `text`: the file that came back. `names`: of the command that was sent. `shortened`: "..///./sys/sub/../x.h", which gcc here
/// reports as "/p/sys/x.h". (The source and headers of -I may have names below the same directory.) Nothing if the text is
/// not a rule for `file.target`.
std::optional<std::string> local_rule(std::string_view text, const DependencyFile& file,
                                      const RelativeNames& names, const ShortenedNames& shortened = {});

}  // namespace pump::launcher
