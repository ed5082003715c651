#include "pump/include_server/answer/current_mirror.h"

#include <utility>

#include "pump/include_server/support/log.h"

namespace pump::include_server {

CurrentMirror::CurrentMirror(std::string client_tmp, std::function<void()> replaced)
    : client_tmp_(std::move(client_tmp)), replaced_(std::move(replaced)) {}

Expected<Copies> CurrentMirror::get() {
  const std::lock_guard lock(mutex_);
  if (in_use_.mirror && in_use_.mirror->intact()) return in_use_;
  PUMP_TRY(std::shared_ptr<Mirror> fresh, Mirror::create(client_tmp_));
  if (in_use_.mirror)
    log_line(Topic::Warning, "the mirror was removed, or something in it; the new one is {}", fresh->root());
  in_use_ = {std::move(fresh), nullptr, in_use_.epoch + 1};
  replaced_();
  return in_use_;
}

std::string CurrentMirror::root() const {
  const std::lock_guard lock(mutex_);
  return in_use_.mirror ? in_use_.mirror->root() : std::string();
}

std::uint64_t CurrentMirror::bytes() const {
  const std::lock_guard lock(mutex_);
  return in_use_.mirror ? in_use_.mirror->bytes() : 0;
}

Reply CurrentMirror::refuse(const Error& error) {
  if (!failing_.exchange(true))
    log_line(Topic::Warning, "the mirror cannot be written, preprocessing locally until it can: {}",
             error.message);
  return refusal(GiveUp::MirrorFailed, error.message);
}

void CurrentMirror::note_success() {
  if (failing_.exchange(false)) log_line(Topic::Warning, "the mirror can be written again");
}

}  // namespace pump::include_server
