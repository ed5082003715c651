#include "pump/include_server/server/workers.h"

#include <malloc.h>
#include <pthread.h>

#include <algorithm>
#include <csignal>

#include "pump/include_server/support/crash_log.h"
#include "pump/include_server/support/log.h"
#include "pump/os/format.h"

namespace pump::include_server {
namespace {

constexpr std::size_t kStack = 16U << 20U;  // twice what the deepest nesting of includes and macros takes

/// Worker threads obtain heap memory from the C library. Large blocks are mappings of their own, and freed
/// memory is kept for the next request.
void keep_free_memory() {
  ::mallopt(M_MMAP_THRESHOLD, 1 << 20);
  ::mallopt(M_TRIM_THRESHOLD, 4 << 20);
}

/// For threads started from now on, whatever the user's `ulimit -s` is.
void set_stack_size(std::size_t bytes) {
  pthread_attr_t attributes;
  if (::pthread_attr_init(&attributes) != 0) return;
  ::pthread_attr_setstacksize(&attributes, bytes);
  ::pthread_setattr_default_np(&attributes);
  ::pthread_attr_destroy(&attributes);
}

}  // namespace

Status Workers::start(std::size_t jobs) {
  keep_free_memory();
  set_stack_size(kStack);
  // The program's main thread gets the signals. Writing to a closed stderr gives EPIPE here, not SIGPIPE.
  sigset_t blocked, before;
  ::sigfillset(&blocked);
  for (const int fault : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT}) ::sigdelset(&blocked, fault);
  ::pthread_sigmask(SIG_SETMASK, &blocked, &before);
  if (jobs == 0) jobs = std::max(1U, std::thread::hardware_concurrency());
  Status status;
  try {
    threads_.reserve(jobs);
    while (threads_.size() < jobs) threads_.emplace_back([this] { work(); });
  } catch (const std::exception& error) {
    if (threads_.empty()) status = fail(os::format("cannot start a thread: {}", error.what()), EAGAIN);
    log_line(Topic::Warning, "{} of {} workers could be started: {}", threads_.size(), jobs, error.what());
  }
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return status;
}

Workers::~Workers() {
  events_.stop();
  for (std::thread& thread : threads_) thread.join();
}

void Workers::work() {
  ++running_;
  const SignalStack signal_stack;
  while (const auto event = events_.wait()) {
    try {
      clients_.handle(*event);
    } catch (const std::exception& error) {
      // Only lack of memory gets here. The connection concerned was closed when it went out of scope.
      log_line(Topic::Warning, "internal error: {}", error.what());
    }
  }
}

}  // namespace pump::include_server
