// Every worker waits on the same epoll set, accepts for itself and, when the request is already there (it is,
// as a rule: a client writes at once), reads, answers and replies without handing anything to another thread.
// That costs one wake-up per request. A dispatcher thread with a queue was rejected: it doubles the wake-ups,
// which are most of the cost of a memo hit. What has not arrived yet waits in the waiting room
// (server_clients.cc).
#include "pump/include_server/server/server.h"

#include <fmt/format.h>
#include <malloc.h>
#include <pthread.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>

#include "pump/include_server/server/server_impl.h"
#include "pump/include_server/server/status.h"
#include "pump/include_server/support/crash_log.h"
#include "pump/include_server/support/log.h"

namespace pump::include_server {
namespace {

constexpr rlim_t kDescriptors = 65536;
constexpr std::size_t kStack = 16U << 20U;  // a worker's: what the deepest nesting takes, and as much again

/// As many descriptors as we may have: half of them for clients, the rest for the work.
std::size_t raise_descriptor_limit() {
  struct rlimit limit {};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return 256;
  const rlim_t wanted = std::min(limit.rlim_max, kDescriptors);
  if (limit.rlim_cur < wanted) {
    limit.rlim_cur = wanted;
    ::setrlimit(RLIMIT_NOFILE, &limit);
    ::getrlimit(RLIMIT_NOFILE, &limit);
  }
  return std::clamp<std::size_t>(std::min(limit.rlim_cur, kDescriptors) / 2, 8, 8192);
}

/// Large blocks are mappings of their own, and freed memory is kept for the next request.
void keep_free_memory() {
  ::mallopt(M_MMAP_THRESHOLD, 1 << 20);
  ::mallopt(M_TRIM_THRESHOLD, 4 << 20);
}

/// Threads started from now on have stacks of that size, whatever the user's `ulimit -s`.
void set_stack_size(std::size_t bytes) {
  pthread_attr_t attributes;
  if (::pthread_attr_init(&attributes) != 0) return;
  ::pthread_attr_setstacksize(&attributes, bytes);
  ::pthread_setattr_default_np(&attributes);
  ::pthread_attr_destroy(&attributes);
}

}  // namespace

Server::Impl::Impl(Listener the_listener, std::unique_ptr<Answerer> the_answerer, const Options& the_options)
    : options(the_options), listener(std::move(the_listener)), answerer(std::move(the_answerer)) {}

Status Server::Impl::set_up() {
  epoll = os::UniqueFd(::epoll_create1(EPOLL_CLOEXEC));
  stop_event = os::UniqueFd(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  timer = os::UniqueFd(::timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK));
  if (!epoll || !stop_event || !timer) return fail_errno("epoll, eventfd or timerfd");
  const bool added = watch(EPOLL_CTL_ADD, listener.get(), EPOLLIN | EPOLLONESHOT, kListener) &&
                     watch(EPOLL_CTL_ADD, stop_event.get(), EPOLLIN, kStop) &&
                     watch(EPOLL_CTL_ADD, timer.get(), EPOLLIN, kTimer);
  if (!added) return fail_errno("epoll_ctl");
  max_waiting = raise_descriptor_limit();
  return {};
}

Status Server::Impl::start_workers() {
  keep_free_memory();
  set_stack_size(kStack);
  // Signals go to the program's main thread; a closed stderr gives EPIPE here, not SIGPIPE.
  sigset_t blocked, before;
  ::sigfillset(&blocked);
  for (const int fault : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT}) ::sigdelset(&blocked, fault);
  ::pthread_sigmask(SIG_SETMASK, &blocked, &before);
  jobs = options.jobs != 0 ? options.jobs : std::max(1U, std::thread::hardware_concurrency());
  Status status;
  try {
    workers.reserve(jobs);
    while (workers.size() < jobs) workers.emplace_back([this] { work(); });
  } catch (const std::exception& error) {
    if (workers.empty()) status = fail(fmt::format("cannot start a thread: {}", error.what()), EAGAIN);
    log_line(Topic::Warning, "{} of {} workers could be started: {}", workers.size(), jobs, error.what());
  }
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return status;
}

Server::Impl::~Impl() {
  const std::uint64_t one = 1;
  if (stop_event) static_cast<void>(!::write(stop_event.get(), &one, sizeof one));
  for (std::thread& worker : workers) worker.join();
}

bool Server::Impl::watch(int operation, int fd, std::uint32_t events, std::uint64_t number) const {
  epoll_event event{};
  event.events = events;
  event.data.u64 = number;
  return ::epoll_ctl(epoll.get(), operation, fd, &event) == 0;
}

void Server::Impl::work() {
  ++running;
  const SignalStack signal_stack;
  for (;;) {
    epoll_event event{};
    if (::epoll_wait(epoll.get(), &event, 1, -1) <= 0) continue;
    if (event.data.u64 == kStop) return;
    try {
      handle(event.data.u64);
    } catch (const std::exception& error) {
      // Nothing but a lack of memory gets here; the client concerned sees its connection closed.
      log_line(Topic::Warning, "internal error: {}", error.what());
    }
  }
}

void Server::Impl::handle(std::uint64_t number) {
  if (number == kListener) return accept_one();
  if (number == kTimer) return sweep();
  if (auto connection = room.take(number)) advance(std::move(connection));
}

std::string Server::Impl::status_json() const {
  StatusNumbers numbers;
  numbers.answers = answerer->statistics();
  numbers.malformed = malformed;
  numbers.refused = refused;
  numbers.dropped = dropped;
  numbers.waiting = room.size();
  numbers.jobs = running;
  numbers.mirror = answerer->mirror_root();
  numbers.mirror_bytes = answerer->mirror_bytes();
  numbers.uptime = std::chrono::steady_clock::now() - started;
  return to_json(numbers);
}

Server::Server(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Server::~Server() {
  if (impl_->options.statistics) log_always("statistics: " + status_json());
}

Expected<std::unique_ptr<Server>> Server::start(const Options& options) {
  open_log(options.log_file, options.debug);
  install_crash_log(crash_file_of(options));
  // The socket first: a second server must not get as far as making a mirror.
  PUMP_TRY(Listener listener, Listener::open(options.port));
  PUMP_TRY(std::unique_ptr<Answerer> answerer, Answerer::create(options));
  auto impl = std::make_unique<Impl>(std::move(listener), std::move(answerer), options);
  PUMP_CHECK(impl->set_up());
  PUMP_CHECK(impl->start_workers());
  return std::unique_ptr<Server>(new Server(std::move(impl)));
}

std::uint64_t Server::served() const {
  return impl_->served;
}
std::string Server::status_json() const {
  return impl_->status_json();
}

}  // namespace pump::include_server
