#include "pump/include_server/worker_heap.h"

#include <malloc.h>
#include <sys/mman.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <vector>

namespace pump::include_server {

#ifdef __GLIBC__

namespace {

constexpr std::size_t kMappedSize = 1U << 20U;  // blocks of this size and more are mappings of their own
constexpr std::size_t kHugePage = 2U << 20U;    // only advice is rounded to it

/// Only whole pages up to the last block. Heaps begin at multiples of 64 MiB: rounding down stays inside.
void advise_huge_pages(void* first, void* last) {
  const auto begin = reinterpret_cast<std::uintptr_t>(first) & ~(kHugePage - 1);
  const auto end = reinterpret_cast<std::uintptr_t>(last) & ~(kHugePage - 1);
  if (end > begin) static_cast<void>(::madvise(reinterpret_cast<void*>(begin), end - begin, MADV_HUGEPAGE));
}

}  // namespace

void keep_free_memory() {
  ::mallopt(M_MMAP_THRESHOLD, static_cast<int>(kMappedSize));
  ::mallopt(M_TRIM_THRESHOLD, 4 << 20);
}

void widen_heap(std::size_t size) {
  std::vector<void*> blocks;
  while (blocks.size() < size / kMappedSize) {
    void* block = std::malloc(kMappedSize - 4096);
    if (block == nullptr) break;
    blocks.push_back(block);
  }
  if (!blocks.empty()) {
    const auto [first, last] = std::minmax_element(blocks.begin(), blocks.end());
    advise_huge_pages(*first, *last);
  }
  for (void* block : blocks) std::free(block);
}

#else

void keep_free_memory() {}
void widen_heap(std::size_t) {}

#endif

}  // namespace pump::include_server
