#include "pump/include_server/answer/current_fragments.h"

#include <cerrno>
#include <utility>

#include "pump/include_server/support/log.h"

namespace pump::include_server {

CurrentFragments::CurrentFragments(std::uint64_t most_bytes, std::function<void()> replaced)
    : most_bytes_(most_bytes), replaced_(std::move(replaced)) {}

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

void CurrentFragments::replace() {
  // Cached replies would keep the old ones.
  if (std::exchange(in_use_.fragments, nullptr)) replaced_();
  if (auto fresh = Fragments::create()) {
    in_use_.fragments = *std::move(fresh);
    ++in_use_.epoch;
  } else if (const int code = fresh.error().code; code != EMFILE && code != ENFILE && code != ENOMEM) {
    log_line(Topic::Warning, "launchers get paths in the mirror: {}", fresh.error().message);
    unavailable_ = true;
  }
}

}  // namespace pump::include_server
