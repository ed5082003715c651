// `pump --status`: describes the session that a build with the current settings would join. It does not join,
// start or keep the session, but creates its directory if that is missing. Main thread.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "pump/insight/records.h"
#include "pump/os/error.h"
#include "pump/session/session.h"

namespace pump::insight {

struct SessionStatus {
  session::SessionInfo session;
  /// Compilations recorded since the server started; unset: no records are kept.
  std::optional<Tally> units;
  /// Counters of the native include server, a JSON object; empty if it did not reply, or the backend is
  /// Python.
  std::string server;
  /// The scheduler's hosts and queue, a JSON object (docs/scheduler.md); empty if it did not reply.
  std::string scheduler;
};

/// `records`: directory of the records; nothing if none are kept. Error: the session's directory is not
/// usable.
Expected<SessionStatus> session_status(const session::Settings& settings,
                                       const std::optional<std::string>& records = {});

/// For people: a few lines, each with a newline.
std::string to_text(const SessionStatus& status);
/// One JSON object with the members directory and running. If the server runs also pid, backend, clients,
/// pins, served, uptime_seconds, units (pump, plain, local, failed, unknown, misjudged), server (the include server's
/// counters) and scheduler (hosts and queue).
std::string to_json(const SessionStatus& status);

}  // namespace pump::insight
