#include "pump/include_server/server/worker_heap.h"

#include <malloc.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <mutex>

namespace pump::include_server {

#ifdef __GLIBC__

namespace {

constexpr std::size_t kMappedSize = 1U << 20U;       // blocks of this size and more are mappings of their own
constexpr std::size_t kMostMappedSize = 32U << 20U;  // M_MMAP_THRESHOLD's limit

void map_from(std::size_t size) {
  ::mallopt(M_MMAP_THRESHOLD, static_cast<int>(size));
}

}  // namespace

void keep_free_memory() {
  map_from(kMappedSize);
  ::mallopt(M_TRIM_THRESHOLD, 4 << 20);
}

void widen_heap(std::size_t size, std::size_t in_use) {
  static std::mutex mutex;
  size = std::min(size, kMostMappedSize - kMappedSize);
  void* volatile block = nullptr;  // not to be optimised away
  {
    const std::lock_guard lock(mutex);
    map_from(kMostMappedSize);
    block = std::malloc(size);
    map_from(kMappedSize);
  }
  const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
  if (block == nullptr || size <= page) return std::free(block);
  const std::uintptr_t first = (reinterpret_cast<std::uintptr_t>(block) + page - 1) & ~(page - 1);
  std::free(block);
#ifdef MADV_POPULATE_WRITE
  // Only now: free() gives the pages of so large a block back. Should something else live there by now, it
  // gets its pages a little earlier.
  ::madvise(reinterpret_cast<void*>(first), std::min(in_use, size - page), MADV_POPULATE_WRITE);
#endif
}

#else

void keep_free_memory() {}
void widen_heap(std::size_t, std::size_t) {}

#endif

}  // namespace pump::include_server
