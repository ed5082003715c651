// Every worker waits on the same epoll set, accepts for itself and, when the request is already there (it is,
// as a rule: a client writes at once), reads, answers and replies without handing anything to another thread.
// That costs one wake-up per request. A dispatcher thread with a queue was rejected: it doubles the wake-ups,
// which are most of the cost of a memo hit. What has not arrived yet waits in the waiting room, costs a
// descriptor and is bounded in number, bytes and time, so slow and silent clients cannot keep a worker.
#include "pump/include_server/server.h"

#include <fmt/format.h>
#include <poll.h>
#include <pthread.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <thread>
#include <vector>

#include "pump/include_server/connection.h"
#include "pump/include_server/crash_log.h"
#include "pump/include_server/listener.h"
#include "pump/include_server/log.h"
#include "pump/include_server/spare_jobs.h"
#include "pump/include_server/status.h"
#include "pump/include_server/worker_heap.h"

namespace pump::include_server {
namespace {

using namespace std::chrono_literals;

constexpr auto kIdleLimit = 30s;    // without a byte of progress
constexpr auto kTotalLimit = 300s;  // a byte now and then is no way to stay for ever
constexpr auto kSweepInterval = 1s;
constexpr auto kSpareable = 100ms;  // idle for longer: may be dropped when descriptors run out
constexpr auto kAcceptPause = 2ms;
constexpr auto kPatiencePerPart = 150us;  // distcc writes a request in some fifty parts, microseconds apart
constexpr auto kPatience = 1ms;           // a worker's, for one new client
constexpr auto kSoon = 50us;              // a client who comes so soon after the last is looked for
constexpr std::uint64_t kMaxHeld = 64U << 20U;  // bytes of incomplete requests, all clients together
constexpr rlim_t kDescriptors = 65536;
constexpr std::size_t kHeaps = 64U << 20U;       // accessible from the start, all workers together
constexpr std::size_t kPagesInUse = 16U << 20U;  // of these: what a large project needs in any case
constexpr std::size_t kStack = 16U << 20U;  // a worker's: what the deepest nesting takes, and as much again

// Epoll's numbers for what is no connection.
constexpr std::uint64_t kListener = 0, kStop = 1, kTimer = 2, kSpareJobs = 3, kFirstConnection = 4;

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

std::shared_ptr<const std::string> cannot_answer() {
  static const auto reply = std::make_shared<const std::string>(kCannotAnswer);
  return reply;
}

}  // namespace

struct Server::Impl {
  Impl(Listener the_listener, std::unique_ptr<Answerer> the_answerer, const Options& the_options)
      : options(the_options), listener(std::move(the_listener)), answerer(std::move(the_answerer)) {}

  Status set_up() {
    epoll = os::UniqueFd(::epoll_create1(EPOLL_CLOEXEC));
    stop_event = os::UniqueFd(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    timer = os::UniqueFd(::timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK));
    if (!epoll || !stop_event || !timer) return fail_errno("epoll, eventfd or timerfd");
    const bool added = watch(EPOLL_CTL_ADD, listener.get(), EPOLLIN | EPOLLONESHOT, kListener) &&
                       watch(EPOLL_CTL_ADD, stop_event.get(), EPOLLIN, kStop) &&
                       watch(EPOLL_CTL_ADD, timer.get(), EPOLLIN, kTimer) &&
                       (answerer->spare_jobs().fd() < 0 || watch(EPOLL_CTL_ADD, answerer->spare_jobs().fd(),
                                                                 EPOLLIN | EPOLLONESHOT, kSpareJobs));
    if (!added) return fail_errno("epoll_ctl");
    max_waiting = raise_descriptor_limit();
    return {};
  }

  /// As many as may be had: a container's limit of processes counts threads. An error where there is none.
  Status start_workers() {
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

  ~Impl() {
    stopping = true;
    const std::uint64_t one = 1;
    if (stop_event) static_cast<void>(!::write(stop_event.get(), &one, sizeof one));
    for (std::thread& worker : workers) worker.join();
  }

  bool watch(int operation, int fd, std::uint32_t events, std::uint64_t number) const {
    epoll_event event{};
    event.events = events;
    event.data.u64 = number;
    return ::epoll_ctl(epoll.get(), operation, fd, &event) == 0;
  }

  void work() {
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

  /// Of one worker: how soon its clients come.
  struct Pauses {
    using Clock = std::chrono::steady_clock;
    Clock::time_point begun;
    bool soon = false;  ///< the last client came soon
  };

  bool wait(epoll_event& event, Pauses& pauses) const {
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
  bool look_for_client(epoll_event& event, Pauses::Clock::time_point begun) const {
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

  void handle(std::uint64_t number) {
    if (number == kListener) return accept_one();
    if (number == kTimer) return sweep();
    if (number == kSpareJobs) return help();
    if (auto connection = room.take(number)) advance(std::move(connection));
  }

  void accept_one() {
    os::UniqueFd fd(::accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (!fd && (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM)) make_room();
    // Level-triggered without ONESHOT, epoll would wake a second worker for each connection, to find nothing;
    // armed again here it wakes one exactly if there is another client.
    watch(EPOLL_CTL_MOD, listener.get(), EPOLLIN | EPOLLONESHOT, kListener);
    if (!fd) return;
    const auto peer = peer_of(fd.get());
    if (!peer || peer->uid != owner) {
      ++refused;
      log_line(Topic::Warning, "refused a client of uid {}", peer ? static_cast<long>(peer->uid) : -1L);
      return;
    }
    advance(std::make_unique<Connection>(std::move(fd), *peer, next_number++));
  }

  void help() {
    answerer->spare_jobs().answer_call();
    // As with the listener: another idle worker is woken exactly if there is another call.
    watch(EPOLL_CTL_MOD, answerer->spare_jobs().fd(), EPOLLIN | EPOLLONESHOT, kSpareJobs);
    // A client comes first.
    answerer->help([this] {
      pollfd events{epoll.get(), POLLIN, 0};
      return ::poll(&events, 1, 0) == 0;
    });
  }

  /// Without a descriptor for a new client, the one that has been silent for longest goes; if all are busy,
  /// some will be done in a moment, and the new one waits in the kernel's queue.
  void make_room() {
    if (auto idle = room.take_longest(kSpareable)) {
      ++dropped;
      return;
    }
    std::this_thread::sleep_for(kAcceptPause);
  }

  void advance(std::unique_ptr<Connection> connection) {
    if (!connection->sending()) {
      // A client connects, then writes: what can be done without the request is done meanwhile. Looking too
      // early costs a sleep and, worse, makes the client's next write wake us.
      if (!connection->registered) {
        connection->environment = environment_block_of(connection->peer().pid);
        using Take = Connection::Take;
        const std::string_view request =
            connection->look(answerer->spare_jobs().wanted() ? Take::Now : Take::Later);
        if (auto reply = answerer->ready_reply(request, connection->environment)) {
          connection->set_reply(std::move(reply));
          ++served;
          return send(std::move(connection));
        }
      }
      Connection::Progress progress = connection->receive();
      // A new client is writing right now: a look a moment later is cheaper than the way through epoll,
      // twice.
      if (progress == Connection::Progress::WouldBlock && !connection->registered) {
        progress = connection->receive_soon(kPatiencePerPart, kPatience);
      }
      if (progress == Connection::Progress::Gone) return;
      if (progress == Connection::Progress::WouldBlock) return park(std::move(connection), EPOLLIN);
      if (!prepare_reply(*connection)) return;
    }
    send(std::move(connection));
  }

  void send(std::unique_ptr<Connection> connection) {
    if (connection->send() == Connection::Progress::WouldBlock) park(std::move(connection), EPOLLOUT);
  }

  bool prepare_reply(Connection& connection) {
    RequestDecoder& decoder = connection.decoder();
    if (decoder.state() == RequestDecoder::State::StatusRequest) {
      connection.set_reply(std::make_shared<const std::string>(status_json()));
      return true;
    }
    if (decoder.state() == RequestDecoder::State::Malformed) {
      ++malformed;
      log_line(Topic::Warning, "malformed request from process {}: {}", connection.peer().pid,
               describe(decoder.error()));
      return false;
    }
    connection.set_reply(answer(connection));
    ++served;
    return true;
  }

  std::shared_ptr<const std::string> answer(Connection& connection) {
    try {
      Request request;
      request.process = connection.peer().pid;
      request.cwd = std::move(connection.decoder().directory());
      request.argv = std::move(connection.decoder().arguments());
      request.environment_block = std::move(connection.environment);
      if (request.environment_block.empty())
        request.environment_block = environment_block_of(connection.peer().pid);
      if (request.environment_block.empty()) request.environment = os::Environment::current();
      return answerer->answer(request).encoded;
    } catch (const std::exception& error) {
      log_line(Topic::Warning, "internal error, preprocessing locally: {}", error.what());
      return cannot_answer();
    }
  }

  void park(std::unique_ptr<Connection> connection, std::uint32_t events) {
    const int fd = connection->fd();
    const std::uint64_t number = connection->number();
    const int operation = connection->registered ? EPOLL_CTL_MOD : EPOLL_CTL_ADD;
    connection->registered = true;
    connection->environment = {};  // whoever waits here costs little memory
    room.put(std::move(connection), [&] { return watch(operation, fd, events | EPOLLONESHOT, number); });
    // Behind it, as sweep() stops the timer before it looks whether somebody has come.
    if (!timer_runs.exchange(true)) set_timer(true);
    while (room.size() > max_waiting || room.held() > kMaxHeld) {
      if (room.take_longest(0ms) == nullptr) break;
      ++dropped;
    }
  }

  void set_timer(bool on) const {
    const auto interval = std::chrono::duration_cast<std::chrono::seconds>(kSweepInterval).count();
    itimerspec times{};
    if (on) times.it_interval.tv_sec = times.it_value.tv_sec = interval;
    ::timerfd_settime(timer.get(), 0, &times, nullptr);
  }

  void sweep() {
    std::uint64_t expirations = 0;
    static_cast<void>(!::read(timer.get(), &expirations, sizeof expirations));
    const auto overdue = room.take_overdue(kIdleLimit, kTotalLimit);
    dropped += overdue.size();
    for (const auto& connection : overdue) {
      log_line(Topic::Warning, "dropped a silent client, process {}", connection->peer().pid);
    }
    if (room.size() != 0) return;
    set_timer(false);
    timer_runs = false;
    if (room.size() != 0 && !timer_runs.exchange(true)) set_timer(true);  // somebody came in between
  }

  std::string status_json() const {
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

  const Options options;
  const uid_t owner = ::geteuid();
  Listener listener;
  std::unique_ptr<Answerer> answerer;
  os::UniqueFd epoll, stop_event, timer;
  WaitingRoom room;
  std::size_t max_waiting = 256;
  std::atomic<bool> timer_runs{false};
  std::atomic<std::uint64_t> next_number{kFirstConnection};
  std::atomic<std::uint64_t> served{0}, malformed{0}, refused{0}, dropped{0};
  const std::chrono::steady_clock::time_point started = std::chrono::steady_clock::now();
  std::size_t jobs = 1;
  std::atomic<std::size_t> running{0};  ///< workers
  std::atomic<bool> stopping{false};
  std::vector<std::thread> workers;
};

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
