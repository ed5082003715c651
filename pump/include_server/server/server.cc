// Every worker waits on the same epoll set, accepts for itself and, when the request is already there (it is,
// as a rule: a client writes at once), reads, answers and replies without handing anything to another thread.
// That costs one wake-up per request. A dispatcher thread with a queue was rejected: it doubles the wake-ups,
// which are most of the cost of a memo hit. What has not arrived yet waits in the waiting room
// (server_clients.cc).
#include "pump/include_server/server/server.h"

#include <fmt/format.h>
#include <poll.h>
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
#include "pump/include_server/server/worker_heap.h"
#include "pump/include_server/support/crash_log.h"
#include "pump/include_server/support/log.h"
#include "pump/include_server/support/spare_jobs.h"

namespace pump::include_server {
namespace {

using namespace std::chrono_literals;

constexpr auto kSoon = 100us;  // a client who comes so soon after the last is looked for
constexpr rlim_t kDescriptors = 65536;
constexpr std::size_t kHeaps = 64U << 20U;       // accessible from the start, all workers together
constexpr std::size_t kPagesInUse = 16U << 20U;  // of these: what a large project needs in any case
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
                     watch(EPOLL_CTL_ADD, timer.get(), EPOLLIN, kTimer) &&
                     (answerer->spare_jobs().fd() < 0 ||
                      watch(EPOLL_CTL_ADD, answerer->spare_jobs().fd(), EPOLLIN | EPOLLONESHOT, kSpareJobs));
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
  stopping = true;
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
  widen_heap(kHeaps / jobs, kPagesInUse / jobs);
  const SignalStack signal_stack;
  Pauses pauses;
  for (;;) {
    epoll_event event{};
    if (!wait(event, pauses)) continue;
    if (event.data.u64 == kStop) return;
    try {
      handle(event.data.u64);
    } catch (const std::exception& error) {
      // Nothing but a lack of memory gets here; the client concerned sees its connection closed.
      log_line(Topic::Warning, "internal error: {}", error.what());
    }
  }
}

bool Server::Impl::wait(epoll_event& event, Pauses& pauses) const {
  const SpareJobs::Idle idle(answerer->spare_jobs());
  pauses.begun = Pauses::Clock::now();
  const bool come =
      (pauses.soon && look_for_client(event, pauses.begun)) || ::epoll_wait(epoll.get(), &event, 1, -1) > 0;
  pauses.soon = come && event.data.u64 == kListener && Pauses::Clock::now() - pauses.begun < kSoon;
  return come;
}

/// Where clients come in quick succession, and this worker alone has had one: to be awake when the next one
/// comes saves him waking us, which takes longer than most answers. The listener is not armed meanwhile, or
/// he would wake another worker. Whoever else wants the processor gets it; all else that can happen is for
/// the other workers, who wait.
bool Server::Impl::look_for_client(epoll_event& event, Pauses::Clock::time_point begun) const {
  if (jobs == 1 || stopping || !answerer->spare_jobs().without_client(jobs)) return false;
  watch(EPOLL_CTL_MOD, listener.get(), EPOLLONESHOT, kListener);
  pollfd client{listener.get(), POLLIN, 0};
  do {
    if (::poll(&client, 1, 0) > 0) {
      event.data.u64 = kListener;  // who accepts arms it
      return true;
    }
    std::this_thread::yield();
  } while (Pauses::Clock::now() - begun < kSoon);
  watch(EPOLL_CTL_MOD, listener.get(), EPOLLIN | EPOLLONESHOT, kListener);
  return false;
}

void Server::Impl::handle(std::uint64_t number) {
  if (number == kListener) return accept_one();
  if (number == kTimer) return sweep();
  if (number == kSpareJobs) return help();
  if (auto connection = room.take(number)) advance(std::move(connection));
}

void Server::Impl::help() {
  answerer->spare_jobs().answer_call();
  // As with the listener: another idle worker is woken exactly if there is another call.
  watch(EPOLL_CTL_MOD, answerer->spare_jobs().fd(), EPOLLIN | EPOLLONESHOT, kSpareJobs);
  // A client comes first.
  answerer->help([this] {
    pollfd events{epoll.get(), POLLIN, 0};
    return ::poll(&events, 1, 0) == 0;
  });
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
