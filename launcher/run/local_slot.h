// Local slots: at most PUMP_LOCAL_JOBS compilers of a user run on this machine at the same time, however many
// launchers a build starts. The default is the number of processors that this process may use (local_jobs.h);
// 0: no limit.
//
// A slot is an fcntl lock on a byte of the file `local-slots` in the runtime directory (slot_locks.h). The
// kernel owns it: it survives execve, by which the launcher becomes the compiler, and ends with the
// process, however it ends. No server is needed.
//
// Waiting takes no polling. One launcher of a build at a time has the build's turn, and one of those has
// the turn of all: it waits until one of the processes that hold the slots ends (pidfd). The others wait
// for their turn, which is a lock, too. So builds alternate, and a single compilation does not wait behind
// the queue of a large build. A process that was stopped (Ctrl-Z) does not count: others may take a slot
// more, or its turn. Waiting launchers look for stopped processes every ten seconds. Processes in another
// PID namespace cannot be waited for; their slots are looked at once a second.
//
// A compiler that starts another compiler through pump-launch must not deadlock. PUMP_LOCAL_SLOT in the
// environment names the slot, and a launcher below the process that holds it takes none. If the variable
// was lost on the way, a launcher that would have to wait for a process above it takes none, either.
//
// Linking, queries, preprocessing and configuration checks take no slot: the caller decides. Without a
// place for the file (no directory can be made, or locks do not work) there is no limit. Main thread.
#pragma once

#include "pump/os/environment.h"

namespace pump::launcher {

inline constexpr char kLocalSlotVariable[] = "PUMP_LOCAL_SLOT";

/// Waits for a slot and keeps it until this process ends, also across execve. Sets PUMP_LOCAL_SLOT in the
/// environment of this process. Does nothing if a process above this one has passed its slot on, or this
/// process has one. A signal that ends a compiler ends the wait, and this process.
void take_local_slot(const os::Environment& environment);

}  // namespace pump::launcher
