// Settings for distcc processes, so that slots stay busy while jobs wait for them.
//
// A distcc that finds all slots taken sleeps for a second and tries again. A slot that becomes free stays
// free until a sleeper wakes. A distcc that has a remote slot then waits for one of 8 local slots, in which
// it asks the include server. Both leave hosts idle. Any thread; no I/O.
#pragma once

#include <string>

#include "pump/distcc/hosts.h"
#include "pump/os/environment.h"

namespace pump::distcc {

/// Sets DISTCC_PAUSE_TIME_MSEC, unless it has a value: 2 ms for each slot of `list`, at least 20 and at
/// most 200.
///
/// An attempt opens and locks a file for each slot. It takes 30 us, and 3.3 us for each slot (measured with
/// distcc 3.4). So a sleeper needs 0.2 to 0.3 % of a processor, however many slots there are, and W
/// sleepers find a free slot after about 1/W of the pause.
void set_pause(os::Environment& environment, const HostList& list);

/// Options to be put before `list.text`, each with a blank after it. Those that the list sets are left out.
///   --localslots=LOCAL    the compilers that distcc itself starts here; not if `local` is 0
///   --localslots_cpp=N    with `pump_mode`: so many that no distcc waits for a local slot while it has a
///                         remote one. Not if a host lacks pump mode: for it distcc preprocesses here, and
///                         needs the limit.
std::string local_slot_options(const HostList& list, bool pump_mode, unsigned local = 0);

}  // namespace pump::distcc
