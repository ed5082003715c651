// `pump --why`: for each translation unit of the last builds that was not compiled remotely in pump mode,
// what was done, what was at fault, what it cost and what to change. Read from the records alone, so that it
// works when the server has gone.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "pump/insight/records.h"

namespace pump::insight {

/// The records of the last builds: those after the last pause of more than an hour.
std::vector<Record> last_builds(std::vector<Record> records);

/// Text for people; the last line ends with a newline. `file`: only its records, compiled remotely or not; a
/// source or object as spelled then, relative to `cwd`, absolute, or by its last component.
std::string why(const std::vector<Record>& records, const std::optional<std::string>& file,
                const std::string& cwd);

/// Wall time of a compilation that took the launcher's place: from its record to its object's last change,
/// where that is plausible.
std::optional<double> seconds_of(const Record& record);

}  // namespace pump::insight
