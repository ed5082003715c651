#include "pump/include_server/worker_heap.h"

#include <malloc.h>

#include <algorithm>
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

void widen_heap(std::size_t size) {
  static std::mutex mutex;
  const std::lock_guard lock(mutex);
  map_from(kMostMappedSize);
  void* volatile block =
      std::malloc(std::min(size, kMostMappedSize - kMappedSize));  // not to be optimised away
  map_from(kMappedSize);
  std::free(block);
}

#else

void keep_free_memory() {}
void widen_heap(std::size_t) {}

#endif

}  // namespace pump::include_server
