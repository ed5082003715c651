// What became of each compilation that went through pump-launch: one line per translation unit, kept after
// the session and its server have gone.
//
// Written by launchers, any number at a time; read by `pump --why`, `--status` and whoever draws reports.
// They are JSON lines in $XDG_STATE_HOME/distcc-pump/records.jsonl (default ~/.local/state). A record is one
// append of less than 4 KiB, so lines do not mix on a local file system; one that a crash or a full disk cut
// off is skipped. The file is renamed to records.old.jsonl, replacing an earlier one, when it has grown past
// kMostBytes: both together stay below twice that. PUMP_RECORD=0 turns recording off. Appending is for a
// process's main thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "pump/os/environment.h"
#include "pump/os/error.h"
#include "pump/os/unique_fd.h"

namespace pump::insight {

/// About ten thousand units.
inline constexpr std::uint64_t kMostBytes = 4U << 20U;

enum class Outcome {
  Pump,     ///< compiled remotely, preprocessed there
  Plain,    ///< compiled remotely, preprocessed here
  Local,    ///< compiled here
  Failed,   ///< did not compile
  Unknown,  ///< distcc's own account went to a log of the user's
};
/// "pump", "plain", "local", "failed", "unknown".
std::string_view name(Outcome outcome);

struct Record {
  double time = 0;                ///< when it began, seconds since 1970
  std::optional<double> seconds;  ///< wall time; unset where the compiler replaced the launcher
  Outcome outcome = Outcome::Unknown;
  std::string source;     ///< as spelled on the command line
  std::string object;     ///< likewise
  std::string directory;  ///< cwd
  std::string host;       ///< as in DISTCC_HOSTS; empty: here
  std::string session;    ///< last component of the session's directory; empty: none was opened
  // For everything but Outcome::Pump:
  std::string reason;  ///< stable name, "split-dwarf"
  std::string text;    ///< one clause for people
  std::string detail;  ///< the flag, variable or file:line at fault, or distcc's own words
  std::string remedy;
};

/// Directory of the records; nothing where PUMP_RECORD=0 or neither XDG_STATE_HOME nor HOME is usable.
std::optional<std::string> records_directory(const os::Environment& environment);

/// Where one record will be appended. Opening is the greater part of the work, and can be done while the
/// compilation runs. Errors are for callers that care: a build does not.
class RecordFile {
 public:
  /// Creates the directory (0700), and the file.
  static Expected<RecordFile> open(const std::string& directory);
  Status append(const Record& record) const;

 private:
  RecordFile(std::string directory, os::UniqueFd fd) : directory_(std::move(directory)), fd_(std::move(fd)) {}
  std::string directory_;
  os::UniqueFd fd_;
};

/// All records that can be read, oldest first.
std::vector<Record> read_records(const std::string& directory);

struct Tally {
  std::uint64_t pump = 0, plain = 0, local = 0, failed = 0, unknown = 0;
};
/// The records of one session since `time`; those of no session count, too.
Tally tally(const std::vector<Record>& records, const std::string& session, double time);

}  // namespace pump::insight
