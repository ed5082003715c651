// ensure_server(): one of many simultaneous clients starts the server, the others wait until it is ready.
//
// The others poll two things, readiness and start.lock, because the starter may be killed at any moment. Then
// either start.lock becomes free and another client starts a server, or the server that it started becomes
// ready. Rejected: a blocking lock on start.lock. Waiting clients would continue one after another, and one
// stopped starter would stop every build of the user.
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <thread>

#include "pump/os/format.h"
#include "pump/session/inspect.h"
#include "pump/session/lock_order.h"
#include "pump/session/server_process.h"
#include "pump/session/start_history.h"
#include "pump/session/state_file.h"

namespace pump::session {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr std::chrono::seconds kStartPatience(30);   ///< the starter waits for the server
constexpr std::chrono::seconds kClientPatience(40);  ///< a client waits for starters

Status check_history(const Directory& directory) {
  if (auto reason = reason_not_to_start(directory))
    return fail(*reason + " (a start has just failed; try again in a few seconds)", EAGAIN);
  return {};
}

/// A server keeps the hard limit of its starter, also for later clients. With few descriptors it could
/// neither answer requests nor take the locks that it needs to retire.
Status check_descriptors() {
  constexpr rlim_t kFewest = 64;
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_max >= kFewest) return {};
  return fail(os::format("the include server needs {} descriptors; raise the hard limit of {} (ulimit -n)",
                         kFewest, limit.rlim_max),
              EMFILE);
}

/// Nothing if another server is starting.
Expected<std::optional<Server>> start_if_needed(const StartHold& held, const Client& client,
                                                const Settings& settings) {
  const Directory& directory = client.directory();
  PUMP_TRY(const Probe probe, probe_server(directory));
  if (probe.ready) return Server{.pid = probe.pid, .started_here = false};
  if (probe.alive) return std::nullopt;  // starting; its starter was killed
  if (has_state(directory)) {
    remember_crash(held, directory);
    ::unlink(directory.state().c_str());
  }
  PUMP_CHECK(check_history(directory));
  auto pid = start_server(held, directory, settings, kStartPatience);
  // It died without a word, so it was probably killed.
  if (!pid && pid.error().code == EPIPE) pid = start_server(held, directory, settings, kStartPatience);
  if (pid) return Server{.pid = *pid, .started_here = true};
  if (pid.error().code == EBUSY) return std::nullopt;
  remember_failure(directory, pid.error().message,
                   pid.error().code == ETIMEDOUT ? kHangMemory : kFailureMemory);
  return tl::make_unexpected(std::move(pid).error());
}

/// Nothing if another client is starting a server.
Expected<std::optional<Server>> try_to_start(const Client& client, const Settings& settings) {
  PUMP_TRY(const std::optional<StartHold> start, try_start(ClientAccess::hold(client), client.directory()));
  if (!start) return std::nullopt;
  return start_if_needed(*start, client, settings);
}

}  // namespace

Expected<Server> ensure_server(const Client& client, const Settings& settings) {
  constexpr milliseconds kLongestPause(50);
  const Directory& directory = client.directory();
  const Clock::time_point deadline = Clock::now() + kClientPatience;
  for (milliseconds pause(1);; pause = std::min(pause * 2, kLongestPause)) {
    PUMP_TRY(const Probe probe, probe_server(directory));
    if (probe.ready) return Server{.pid = probe.pid, .started_here = false};
    PUMP_CHECK(check_descriptors());
    PUMP_CHECK(check_history(directory));
    PUMP_TRY(const std::optional<Server> server, try_to_start(client, settings));
    if (server) return *server;
    if (Clock::now() >= deadline) break;
    std::this_thread::sleep_for(pause);
  }
  const Error late{"the include server did not become ready in time", ETIMEDOUT};
  remember_failure(directory, late.message, kHangMemory);
  return tl::make_unexpected(late);
}

}  // namespace pump::session
