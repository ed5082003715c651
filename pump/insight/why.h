// `pump --why`: for each translation unit of the last builds that was not compiled remotely in pump mode, how
// it was compiled, the cause, the time, and what to change. It reads only the records, so it works after the
// server has ended. Main thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "pump/insight/records.h"

namespace pump::insight {

/// The records of the last builds: those after the last pause of more than an hour.
std::vector<Record> last_builds(std::vector<Record> records);

/// A text for people, which ends with a newline. With `file`, a source or object, it describes only this
/// file, however it was compiled. `file` may be as on its command line, relative to `cwd`, absolute, or the
/// last component alone.
std::string why(const std::vector<Record>& records, const std::optional<std::string>& file,
                const std::string& cwd);

/// Wall time of a compilation, in seconds. If the compiler replaced the launcher: from the start to the last
/// change of the object. Nothing if that is not plausible.
std::optional<double> seconds_of(const Record& record);

}  // namespace pump::insight
