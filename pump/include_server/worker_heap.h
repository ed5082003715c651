// How the workers' memory is had from the system: in few steps, and not given back at once. Linux with glibc;
// elsewhere nothing is done.
#pragma once

#include <cstddef>

namespace pump::include_server {

/// Sources come and go as blocks of some ten KiB: giving each back to the system costs more than reading it.
/// Process-wide.
void keep_free_memory();

/// By the thread whose heap it is. glibc makes a thread's heap accessible page by page, with a system call
/// each, up to what it has been before: so `size` bytes of it, 31 MiB at most, are made accessible at once. No
/// page is used by that but the first and the last.
void widen_heap(std::size_t size);

}  // namespace pump::include_server
