#include "pump/session/probe.h"

#include "pump/os/file_lock.h"
#include "pump/session/state_file.h"

namespace pump::session {

Expected<Probe> probe_server(const Directory& directory) {
  PUMP_TRY(const std::optional<os::LockHolder> holder, os::observe_lock(directory.alive_lock()));
  if (!holder || holder->mode != os::LockMode::kExclusive) return Probe{};
  return Probe{.alive = true, .ready = has_state(directory), .pid = holder->pid};
}

}  // namespace pump::session
