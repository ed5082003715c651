// Records of compilations through pump-launch: one line for each translation unit, with its outcome. They
// remain after the session has ended.
//
// Any number of launchers append at the same time; `pump --why` and `pump --status` read. The format is JSON
// lines in $XDG_STATE_HOME/distcc-pump/records.jsonl (default ~/.local/state/distcc-pump). A record is one
// write of less than 4 KiB, so lines do not mix on a local file system. Readers skip a line that a crash or a
// full disk truncated. When the file exceeds kMostBytes it is renamed to records.old.jsonl, which replaces an
// earlier one: both together stay below twice kMostBytes. PUMP_RECORD=0 turns recording off.
//
// Appending: main thread of a process. Reading: any thread.
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

/// Room for about ten thousand records.
inline constexpr std::uint64_t kMostBytes = 4U << 20U;

enum class Outcome {
  Pump,     ///< preprocessed and compiled remotely
  Plain,    ///< preprocessed here, compiled remotely
  Local,    ///< compiled here
  Failed,   ///< did not compile
  Unknown,  ///< distcc reported to the user's own log file (DISTCC_LOG, DISTCC_VERBOSE)
};
/// In records: "pump", "plain", "local", "failed", "unknown".
std::string_view name(Outcome outcome);

/// Where the time of a unit went, in seconds.
struct Phases {
  double waiting = 0;  ///< for a slot
  double connecting = 0, sending = 0, compiling = 0, receiving = 0;
};

struct Record {
  double time = 0;                ///< when the compilation began, in seconds since 1970
  std::optional<double> seconds;  ///< wall time; unset if the compiler replaced the launcher
  Outcome outcome = Outcome::Unknown;
  std::string source;     ///< as on the command line
  std::string object;     ///< as on the command line
  std::string directory;  ///< the working directory
  std::string host;       ///< as in DISTCC_HOSTS; empty: here
  std::string session;    ///< last component of the session's directory; empty: no session
  // Of a unit that was on a host:
  std::optional<Phases> phases;
  std::uint64_t bytes_sent = 0, bytes_received = 0;
  /// Hosts that could not do the unit and what each of them said, one line for each.
  std::string faults;
  /// Hosts that the unit left for another one, without a fault of theirs, and why, one line for each.
  std::string moves;
  std::string note;  ///< what is unusual about the unit, for people; mostly empty
  // Unless the outcome is Pump:
  std::string reason;  ///< stable name, for example "split-dwarf"
  std::string text;    ///< the reason for people, one clause
  std::string detail;  ///< the flag, variable or file:line that caused it, or distcc's message
  std::string remedy;  ///< what to change
};

/// Directory of the records. Nothing if PUMP_RECORD=0, or neither XDG_STATE_HOME is an absolute path nor HOME an
/// existing one.
std::optional<std::string> records_directory(const os::Environment& environment);

/// The open file to which a record is appended. A build ignores the errors.
class RecordFile {
 public:
  /// Creates the directory (0700) and the file (0600) if they are missing.
  static Expected<RecordFile> open(const std::string& directory);
  /// Cuts long names and texts so that the line stays below 4 KiB. Bytes that are not UTF-8 become U+FFFD.
  Status append(const Record& record) const;

 private:
  RecordFile(std::string directory, os::UniqueFd fd) : directory_(std::move(directory)), fd_(std::move(fd)) {}
  std::string directory_;
  os::UniqueFd fd_;
};

/// All readable records, oldest first.
std::vector<Record> read_records(const std::string& directory);

/// Record::reason of a unit whose host read other files than the include server predicted (launcher/audit/).
inline constexpr std::string_view kMisjudged = "misjudged";

/// Number of records with each outcome, and of those with reason kMisjudged.
struct Tally {
  std::uint64_t pump = 0, plain = 0, local = 0, failed = 0, unknown = 0;
  std::uint64_t misjudged = 0;
};
/// Counts the records since `since` (in seconds since 1970) that belong to `session` or to no session.
Tally tally(const std::vector<Record>& records, const std::string& session, double since);

}  // namespace pump::insight
