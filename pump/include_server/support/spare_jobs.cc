#include "pump/include_server/support/spare_jobs.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cstdint>
#include <exception>
#include <utility>

namespace pump::include_server {

namespace {
/// Of one unit over new headers. What finds no place is done by the request.
constexpr std::size_t kMostWaiting = 256;
}  // namespace

SpareJobs::SpareJobs() : event_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

void SpareJobs::offer(Job job, bool for_those_who_wait) {
  if (!event_ || (!for_those_who_wait && !wanted())) return;
  go_on_with(std::move(job));
  call_if_wanted();
}

void SpareJobs::go_on_with(Job job) {
  const std::lock_guard lock(mutex_);
  if (jobs_.size() >= kMostWaiting) return;
  jobs_.push_back(std::move(job));
  ++waiting_;
}

void SpareJobs::call_if_wanted() {
  {
    const std::lock_guard lock(mutex_);
    if (jobs_.empty() || idle_ == 0 || called_) return;
    called_ = true;
  }
  const std::uint64_t one = 1;
  static_cast<void>(!::write(event_.get(), &one, sizeof one));
}

void SpareJobs::answer_call() {
  std::uint64_t calls = 0;
  const std::lock_guard lock(mutex_);
  static_cast<void>(!::read(event_.get(), &calls, sizeof calls));
  called_ = false;
}

bool SpareJobs::run_one() {
  Job job;
  {
    const std::lock_guard lock(mutex_);
    if (jobs_.empty()) return false;
    job = std::move(jobs_.front());
    jobs_.pop_front();
    --waiting_;
  }
  try {
    job();
  } catch (const std::exception&) {  // NOLINT(bugprone-empty-catch): see Job
  }
  return true;
}

}  // namespace pump::include_server
