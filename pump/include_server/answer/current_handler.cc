#include "pump/include_server/answer/current_handler.h"

#include <malloc.h>

#include <utility>

#include "pump/include_server/support/log.h"
#include "pump/os/process_info.h"

namespace pump::include_server {
namespace {

constexpr std::uint64_t kMebibyte = 1U << 20U;

}  // namespace

CurrentHandler::Limits CurrentHandler::limits_of(const Options& options) {
  Limits limits;
  limits.most_bytes = memory_limit(options);
  return limits;
}

Expected<std::unique_ptr<CurrentHandler>> CurrentHandler::create(const Options& options,
                                                                 std::shared_ptr<Counters> counters,
                                                                 Limits limits,
                                                                 std::function<std::uint64_t()> memory) {
  PUMP_TRY(std::unique_ptr<RequestHandler> first, RequestHandler::create(options, counters));
  return std::unique_ptr<CurrentHandler>(
      new CurrentHandler(options, std::move(counters), limits, std::move(memory), std::move(first)));
}

Expected<std::unique_ptr<CurrentHandler>> CurrentHandler::create(const Options& options,
                                                                 std::shared_ptr<Counters> counters) {
  return create(options, std::move(counters), limits_of(options), os::resident_bytes);
}

CurrentHandler::CurrentHandler(Options options, std::shared_ptr<Counters> counters, Limits limits,
                               std::function<std::uint64_t()> memory, std::shared_ptr<RequestHandler> first)
    : options_(std::move(options)),
      counters_(std::move(counters)),
      limits_(limits),
      memory_(std::move(memory)),
      current_(std::move(first)),
      next_check_(Clock::now() + limits.least_life) {}

std::shared_ptr<RequestHandler> CurrentHandler::get() {
  std::shared_ptr<RequestHandler> dropped, current;
  {
    const std::lock_guard lock(mutex_);
    const Clock::time_point now = Clock::now();
    if (now >= next_check_) dropped = check(now);
    current = current_;
  }
  if (dropped) {  // without the lock: to free a large one takes time
    dropped.reset();
    ::malloc_trim(0);
  }
  return current;
}

std::shared_ptr<RequestHandler> CurrentHandler::check(Clock::time_point now) {
  next_check_ = now + limits_.check_each;
  // A replaced one is dropped first: its memory counts as well.
  if (replaced_)
    return now - replaced_at_ >= limits_.least_life ? std::exchange(replaced_, nullptr) : nullptr;
  const std::uint64_t bytes = memory_() + current_->mirror_bytes();
  if (bytes > limits_.most_bytes) replace(bytes, now);
  return nullptr;
}

void CurrentHandler::replace(std::uint64_t bytes, Clock::time_point now) {
  next_check_ = now + limits_.least_life;
  auto fresh = RequestHandler::create(options_, counters_);
  if (!fresh) {
    log_line(Topic::Warning, "{} MiB are in use, {} are allowed (--memory), but no mirror can be made: {}",
             bytes / kMebibyte, limits_.most_bytes / kMebibyte, fresh.error().message);
    return;
  }
  log_line(Topic::Warning, "{} MiB are in use, {} are allowed (--memory): forgetting all files",
           bytes / kMebibyte, limits_.most_bytes / kMebibyte);
  counters_->renewed.add();
  replaced_ = std::exchange(current_, std::move(*fresh));
  replaced_at_ = now;
}

std::string CurrentHandler::mirror_root() const {
  const std::lock_guard lock(mutex_);
  return current_->mirror_root();
}

std::uint64_t CurrentHandler::mirror_bytes() const {
  const std::lock_guard lock(mutex_);
  return current_->mirror_bytes() + (replaced_ ? replaced_->mirror_bytes() : 0);
}

}  // namespace pump::include_server
