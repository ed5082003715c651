// state.json: published by the running server for `--status`. Its existence shows that the server is ready.
//
// It counts only while alive.lock is held: a killed server leaves it, and the next start recognises the crash
// by it. No decision depends on its pid. Only the server writes it, atomically. Any thread.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>

#include "pump/os/error.h"
#include "pump/session/session.h"

namespace pump::session {

struct State {
  pid_t pid = 0;                ///< in the server's own PID namespace
  std::int64_t started_ms = 0;  ///< boot_milliseconds() when it became ready
  std::uint64_t served = 0;
  std::string backend;
  std::string socket;
};

/// Error: the file cannot be written.
Status write_state(const Directory& directory, const State& state);
/// Nothing if the file is missing or is not a JSON object; members that are missing or have the wrong type
/// are 0 or empty.
std::optional<State> read_state(const Directory& directory);
/// True if the file exists.
bool has_state(const Directory& directory);

}  // namespace pump::session
