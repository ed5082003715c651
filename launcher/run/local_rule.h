// The dependency file that a server's compiler wrote, as a compilation on this machine writes it: with this
// machine's names, and with lines broken where the compiler breaks them for those names. Pure; any thread.
//
// Rejected: the compiler's -M here for each unit (it costs the preprocessing that pump mode saves).
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "launcher/decide/dependency_file.h"
#include "launcher/decide/relative_names.h"

namespace pump::launcher {

/// The name by which gcc reports a header here. `sent`: the name on the host, `local`: the same with absolute names. Most are
/// reported as `local`.
using ReportedName = std::function<std::string(std::string_view sent, std::string local)>;

/// `text`: the file that came back. `names`: of the command that was sent. Nothing if the text is not a rule for
/// `file.target`.
std::optional<std::string> local_rule(std::string_view text, const DependencyFile& file,
                                      const RelativeNames& names, const ReportedName& reported = {});

/// gcc reports a system header by its real path if that is shorter: "/p/sys/x.h" for "/p/sys/sub/../x.h". On a host it is not,
/// if the directory has a relative name: then the header was sent with a #line. (The source and headers of -I may have names
/// below the same directory.) `system_directories`: as they were sent. `sent`: UnitFiles::names.
ReportedName shortened_below(std::vector<std::string> system_directories, std::vector<std::string> sent,
                             std::function<std::string(const std::string& path)> real_path);

}  // namespace pump::launcher
