// How the workers' memory is had from the system: in few steps, and not given back at once. Linux with glibc;
// elsewhere nothing is done.
#pragma once

#include <cstddef>

namespace pump::include_server {

/// Sources come and go as blocks of some ten KiB: giving each back to the system costs more than reading it.
/// Process-wide.
void keep_free_memory();

/// By the thread whose heap it is. glibc makes a thread's heap accessible page by page, with a system call
/// each, up to what it has been before: so `size` bytes of it, 31 MiB at most, are made accessible at once.
/// The first `in_use` bytes get their pages at once, too (Linux 5.14): that takes half as long as a fault for
/// each of them, and happens before somebody waits for an answer.
void widen_heap(std::size_t size, std::size_t in_use);

}  // namespace pump::include_server
