// state.json: what the running server tells about itself. For `--status`, and as the sign that it is ready.
//
// Its existence means nothing without a look at alive.lock: a killed server leaves it behind, which is how
// the next start knows of the crash. Nobody acts on the pid in it. Written by the server alone, atomically.
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

Status write_state(const Directory& directory, const State& state);
/// Nothing where it is missing or was not written by write_state.
std::optional<State> read_state(const Directory& directory);
bool has_state(const Directory& directory);

}  // namespace pump::session
