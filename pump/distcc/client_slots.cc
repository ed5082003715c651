#include "pump/distcc/client_slots.h"

#include <algorithm>

#include "pump/os/format.h"

namespace pump::distcc {

void set_pause(os::Environment& environment, const HostList& list) {
  constexpr const char* kVariable = "DISTCC_PAUSE_TIME_MSEC";
  if (environment.has(kVariable)) return;  // distcc reads an empty value as 0: no pause at all
  constexpr unsigned kMillisecondsPerSlot = 2, kShortest = 20, kLongest = 200;
  const unsigned slots = std::min(list.jobs(), kLongest);
  environment.set(kVariable, std::to_string(std::clamp(slots * kMillisecondsPerSlot, kShortest, kLongest)));
}

std::string local_slot_options(const HostList& list, bool pump_mode, unsigned local) {
  std::string options;
  if (!list.localslots && local > 0) options = os::format("--localslots={} ", local);
  const bool preprocesses_here = !pump_mode || list.pump_hosts() != list.remote_hosts();
  if (list.localslots_cpp || preprocesses_here) return options;
  const unsigned needed = list.jobs() + list.localslots.value_or(local > 0 ? local : kLocalSlots);
  if (needed > kLocalCppSlots) options += os::format("--localslots_cpp={} ", needed);
  return options;
}

}  // namespace pump::distcc
