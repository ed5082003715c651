// A lock for what another worker holds for some microseconds: a read of a file, a look at a directory.
#pragma once

#include <mutex>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace pump::include_server {

/// Takes a mutex; where it is held, looks again for some 10 us before it sleeps. Two workers who begin at the
/// same time want the same headers in the same order: to sleep and be woken for each would take as long as
/// reading it.
class BriefLock {
 public:
  explicit BriefLock(std::mutex& mutex) : lock_(mutex, std::try_to_lock) {
    for (unsigned looks = 0; !lock_ && looks < kLooks; ++looks) {
#ifdef __SSE2__
      _mm_pause();
#endif
      static_cast<void>(lock_.try_lock());
    }
    if (!lock_) lock_.lock();
  }

 private:
  static constexpr unsigned kLooks = 200;
  std::unique_lock<std::mutex> lock_;
};

}  // namespace pump::include_server
