// ensure_server: one of many simultaneous clients starts the server, the others wait until it is ready.
//
// The wait polls two things, readiness and start.lock, because a starter may be killed at any moment: then
// either the lock comes free (and the next client starts a server) or the server it left behind becomes ready
// by itself. Rejected: a blocking lock on start.lock. It would let the waiters through one by one, and one
// stopped starter would stop every build of the user.
#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <thread>

#include "pump/session/client_access.h"
#include "pump/session/probe.h"
#include "pump/session/server_process.h"
#include "pump/session/start_history.h"
#include "pump/session/state_file.h"

namespace pump::session {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr std::chrono::seconds kStartPatience(30);   ///< of a starter with the server
constexpr std::chrono::seconds kClientPatience(40);  ///< of a client with starters

Status check_history(const Directory& directory) {
  if (auto reason = reason_not_to_start(directory))
    return fail(*reason + " (a start failed just now; the next attempt comes in a few seconds)", EAGAIN);
  return {};
}

/// A server inherits the hard limit for life, whoever comes later; with a few descriptors it could neither answer nor
/// lock its way out.
Status check_descriptors() {
  constexpr rlim_t kFewest = 64;
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_max >= kFewest) return {};
  return fail(fmt::format("the include server needs {} descriptors; raise the hard limit of {} (ulimit -n)",
                          kFewest, limit.rlim_max),
              EMFILE);
}

/// With start.lock held. Nothing: somebody else's server is on its way.
Expected<std::optional<Server>> start_if_needed(const StartHold& held, const Client& client,
                                                const Settings& settings) {
  const Directory& directory = client.directory();
  PUMP_TRY(const Probe probe, probe_server(directory));
  if (probe.ready) return Server{.pid = probe.pid, .started_here = false};
  if (probe.alive) return std::nullopt;  // its starter was killed
  if (has_state(directory)) {
    remember_crash(held, directory);
    ::unlink(directory.state().c_str());
  }
  PUMP_CHECK(check_history(directory));
  auto pid = start_server(held, directory, settings, kStartPatience);
  if (pid) return Server{.pid = *pid, .started_here = true};
  if (pid.error().code == EBUSY) return std::nullopt;
  remember_failure(directory, pid.error().message,
                   pid.error().code == ETIMEDOUT ? kHangMemory : kFailureMemory);
  return tl::make_unexpected(std::move(pid).error());
}

/// Nothing where another client is starting one.
Expected<std::optional<Server>> try_to_start(const Client& client, const Settings& settings) {
  PUMP_TRY(const std::optional<StartHold> start, try_start(ClientAccess::hold(client), client.directory()));
  if (!start) return std::nullopt;
  return start_if_needed(*start, client, settings);
}

}  // namespace

Expected<Server> ensure_server(const Client& client, const Settings& settings) {
  constexpr milliseconds kLongestNap(50);
  const Directory& directory = client.directory();
  const Clock::time_point deadline = Clock::now() + kClientPatience;
  for (milliseconds nap(1);; nap = std::min(nap * 2, kLongestNap)) {
    PUMP_TRY(const Probe probe, probe_server(directory));
    if (probe.ready) return Server{.pid = probe.pid, .started_here = false};
    PUMP_CHECK(check_descriptors());
    PUMP_CHECK(check_history(directory));
    PUMP_TRY(const std::optional<Server> server, try_to_start(client, settings));
    if (server) return *server;
    if (Clock::now() >= deadline) break;
    std::this_thread::sleep_for(nap);
  }
  const Error late{"the include server did not become ready in time", ETIMEDOUT};
  remember_failure(directory, late.message, kHangMemory);
  return tl::make_unexpected(late);
}

}  // namespace pump::session
