#include "pump/include_server/answer/current_fragments.h"

#include <cerrno>
#include <utility>

#include "pump/include_server/support/log.h"

namespace pump::include_server {

Copies CurrentFragments::get() {
  const std::lock_guard lock(mutex_);
  const bool full = in_use_.fragments && in_use_.fragments->bytes() >= most_bytes_;
  if (full || (!in_use_.fragments && !unavailable_)) replace();
  return in_use_;
}

bool CurrentFragments::drop(const Copies& failed) {
  const std::lock_guard lock(mutex_);
  if (failed.epoch != in_use_.epoch) return true;  // another thread has
  if (failed.fragments->bytes() == 0) return false;
  replace();
  return in_use_.fragments != nullptr;
}

std::uint64_t CurrentFragments::bytes() const {
  const std::lock_guard lock(mutex_);
  return in_use_.fragments ? in_use_.fragments->bytes() : 0;
}

/// Cached replies have the old epoch, so they are in force no longer.
void CurrentFragments::replace() {
  in_use_.fragments = nullptr;
  if (auto fresh = Fragments::create()) {
    in_use_.fragments = *std::move(fresh);
    ++in_use_.epoch;
  } else if (const int code = fresh.error().code; code != EMFILE && code != ENFILE && code != ENOMEM) {
    log_line(Topic::Warning, "launchers get paths in the mirror: {}", fresh.error().message);
    unavailable_ = true;
  }
}

}  // namespace pump::include_server
