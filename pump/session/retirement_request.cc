#include "pump/session/retirement_request.h"

#include <unistd.h>

#include <algorithm>
#include <thread>

#include "pump/os/file_io.h"
#include "pump/session/inspect.h"

namespace pump::session {
namespace {

using std::chrono::milliseconds;

std::string request_file(const Directory& directory) {
  return directory.path() + "/retire";
}

}  // namespace

Status post_retirement_request(const Directory& directory) {
  return os::write_file_atomically(request_file(directory), {});
}

bool is_retirement_requested(const Directory& directory) {
  return ::access(request_file(directory).c_str(), F_OK) == 0;
}

void answer_retirement_request(const Directory& directory) {
  ::unlink(request_file(directory).c_str());
}

Status retire_if_idle(const Directory& directory, milliseconds patience) {
  using Clock = std::chrono::steady_clock;
  const Clock::time_point deadline = Clock::now() + patience;
  PUMP_TRY(Probe probe, probe_server(directory));
  if (!probe.alive) return {};
  PUMP_CHECK(post_retirement_request(directory));
  while (true) {
    // Read before the probe: a retiring server removes the request after it has released alive.lock.
    const bool pending = is_retirement_requested(directory);
    PUMP_TRY(probe, probe_server(directory));
    if (!probe.alive) return {};
    if (!pending) return fail("the include server has other clients", EBUSY);
    if (Clock::now() >= deadline) return fail("the include server did not stop in time", ETIMEDOUT);
    std::this_thread::sleep_for(milliseconds(5));
  }
}

}  // namespace pump::session
