// What `pump --status` shows: the session that a build with the current settings would join, seen from
// outside. Looking neither joins nor starts nor keeps it.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "pump/insight/records.h"
#include "pump/os/error.h"
#include "pump/session/session.h"

namespace pump::insight {

struct SessionStatus {
  session::Snapshot session;
  /// What launchers have recorded since the server started; unset: no records are kept.
  std::optional<Tally> units;
  std::string server;  ///< the native include server's own account of itself, JSON; empty where there is none
                       ///< to be had
};

/// `records`: directory of the records, where they are kept. Error: the settings name no usable session
/// directory.
Expected<SessionStatus> look_at_session(const session::Settings& settings,
                                        const std::optional<std::string>& records = {});

/// For people: a few lines, the last one ended by a newline.
std::string to_text(const SessionStatus& status);
/// One JSON object: directory, running, and while it runs pid, backend, clients, pins, served,
/// uptime_seconds, units (pump, plain, local, failed, unknown), and "server" with the include server's own
/// figures.
std::string to_json(const SessionStatus& status);

}  // namespace pump::insight
