// A lock for what another worker holds for some microseconds: a read of a file, a look at a directory.
#pragma once

#include <mutex>
#include <shared_mutex>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace pump::include_server {

/// Takes a lock; where it is held, looks again for some 10 us before it sleeps. Two workers who begin at the
/// same time want the same headers in the same order: to sleep and be woken for each would take as long as
/// reading it. `Lock`: a std::unique_lock or std::shared_lock.
template <typename Lock>
class BriefLockOf {
 public:
  explicit BriefLockOf(typename Lock::mutex_type& mutex) : lock_(mutex, std::try_to_lock) {
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
  Lock lock_;
};

using BriefLock = BriefLockOf<std::unique_lock<std::mutex>>;
using BriefWriterLock = BriefLockOf<std::unique_lock<std::shared_mutex>>;
using BriefReaderLock = BriefLockOf<std::shared_lock<std::shared_mutex>>;

}  // namespace pump::include_server
