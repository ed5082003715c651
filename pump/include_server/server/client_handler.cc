#include "pump/include_server/server/client_handler.h"

#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/timerfd.h>

#include <algorithm>
#include <cerrno>
#include <thread>
#include <utility>

#include "pump/include_server/server/peer.h"
#include "pump/include_server/support/log.h"
#include "pump/include_server/support/protocol.h"
#include "pump/os/environment.h"

namespace pump::include_server {
namespace {

using namespace std::chrono_literals;

// Numbers in the event set; the others are connections.
constexpr std::uint64_t kListener = 1, kTimer = 2, kFirstConnection = 3;

constexpr rlim_t kDescriptors = 65536;
constexpr auto kIdleLimit = 30s;    // without a byte of progress
constexpr auto kTotalLimit = 300s;  // also for a client that sends a byte now and then
constexpr auto kSweepInterval = 1s;
constexpr auto kSpareable = 100ms;  // idle for longer: may be closed when descriptors run out
constexpr auto kAcceptPause = 2ms;
constexpr auto kPatiencePerPart = 150us;  // distcc writes a request in some fifty parts, microseconds apart
constexpr auto kPatience = 1ms;           // for all parts of one new client's request
constexpr std::uint64_t kMostBytesHeld = 64U << 20U;  // of incomplete requests, all clients together

/// Raises the soft limit. Half of the descriptors are for waiting clients, the rest for the work.
std::size_t most_waiting_clients() {
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

Reply plain(std::string text) {
  Reply reply;
  reply.encoded = std::make_shared<const std::string>(std::move(text));
  return reply;
}

}  // namespace

ClientHandler::ClientHandler(const EventSet& events, int listener, CurrentHandler& requests,
                             Counters& counters, std::function<std::string()> status)
    : events_(events),
      listener_(listener),
      requests_(requests),
      counters_(counters),
      status_(std::move(status)),
      next_number_(kFirstConnection) {}

Status ClientHandler::start() {
  timer_ = os::UniqueFd(::timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK));
  if (!timer_) return fail_errno("timerfd");
  if (!events_.add(listener_, EPOLLIN | EPOLLONESHOT, kListener) ||
      !events_.add(timer_.get(), EPOLLIN, kTimer))
    return fail_errno("epoll_ctl");
  most_waiting_ = most_waiting_clients();
  return {};
}

void ClientHandler::handle(std::uint64_t number) {
  if (number == kListener) return accept_client();
  if (number == kTimer) return sweep();
  if (auto connection = room_.take(number)) resume(std::move(connection));
}

void ClientHandler::accept_client() {
  os::UniqueFd client(::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
  if (!client && (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM))
    make_room_for_descriptor();
  // Without EPOLLONESHOT, epoll would wake a second worker for each client, in vain. Armed again after the
  // accept, it wakes a worker only if another client is waiting.
  events_.rearm(listener_, EPOLLIN | EPOLLONESHOT, kListener);
  if (!client) return;
  const auto peer = peer_of(client.get());
  if (!peer || peer->uid != owner_)
    return close_refused(std::move(client), peer ? static_cast<long>(peer->uid) : -1L);
  begin(std::make_unique<Connection>(std::move(client), *peer, next_number_++));
}

void ClientHandler::close_refused(os::UniqueFd client, long uid) {
  counters_.refused.add();
  log_line(Topic::Warning, "refused a client of uid {}", uid);
  client.reset();
}

void ClientHandler::close_malformed(std::unique_ptr<Connection> connection) {
  counters_.malformed.add();
  log_line(Topic::Warning, "malformed request from process {}: {}", connection->peer().pid,
           describe(connection->decoder().error()));
  connection.reset();
}

bool ClientHandler::close_longest_idle(std::chrono::milliseconds at_least) {
  std::unique_ptr<Connection> longest = room_.take_longest(at_least);
  if (longest == nullptr) return false;
  longest.reset();
  counters_.dropped.add();
  return true;
}

/// No descriptor is left for a new client, which stays in the kernel's queue meanwhile. If no connection can
/// be spared, waits for a moment: a request that ends frees its descriptor.
void ClientHandler::make_room_for_descriptor() {
  if (!close_longest_idle(kSpareable)) std::this_thread::sleep_for(kAcceptPause);
}

void ClientHandler::begin(std::unique_ptr<Connection> connection) {
  // The client writes its request after it has connected: reading its environment meanwhile costs no time.
  connection->environment_block = environment_block_of(connection->peer().pid);
  const std::string_view request = connection->receive_first();
  if (auto reply = requests_.get()->cached_reply(request, connection->environment_block)) {
    connection->set_reply(*std::move(reply));
    return send(std::move(connection));
  }
  Connection::Progress progress = connection->receive();
  // The client is writing right now: waiting for it here takes less time than going through epoll twice.
  if (progress == Connection::Progress::WouldBlock)
    progress = connection->receive_soon(kPatiencePerPart, kPatience);
  received(std::move(connection), progress);
}

void ClientHandler::resume(std::unique_ptr<Connection> connection) {
  if (connection->sending()) return send(std::move(connection));
  const Connection::Progress progress = connection->receive();
  received(std::move(connection), progress);
}

void ClientHandler::received(std::unique_ptr<Connection> connection, Connection::Progress progress) {
  if (progress == Connection::Progress::Gone) return;
  if (progress == Connection::Progress::WouldBlock) return wait_for(EPOLLIN, std::move(connection));
  switch (connection->decoder().state()) {
    case RequestDecoder::State::Malformed:
      return close_malformed(std::move(connection));
    case RequestDecoder::State::StatusRequest:
      connection->set_reply(plain(status_()));
      break;
    default:
      connection->set_reply(answer(*connection));
  }
  send(std::move(connection));
}

void ClientHandler::send(std::unique_ptr<Connection> connection) {
  if (connection->send() == Connection::Progress::WouldBlock) wait_for(EPOLLOUT, std::move(connection));
}

Reply ClientHandler::answer(Connection& connection) {
  try {
    Request request;
    request.process = connection.peer().pid;
    request.fragments = connection.decoder().wants_fragments();
    request.predicted_files = connection.decoder().wants_predicted_files();
    request.cwd = std::move(connection.decoder().directory());
    request.argv = std::move(connection.decoder().arguments());
    request.environment_block = std::move(connection.environment_block);
    if (request.environment_block.empty())  // wait_for() dropped it
      request.environment_block = environment_block_of(connection.peer().pid);
    // An environment that cannot be read is taken to be the server's own.
    if (request.environment_block.empty()) request.environment = os::Environment::current();
    return requests_.get()->answer(request);
  } catch (const std::exception& error) {
    log_line(Topic::Warning, "internal error, replying n = 0: {}", error.what());
    return refusal(GiveUp::Internal, error.what());
  }
}

void ClientHandler::wait_for(std::uint32_t events, std::unique_ptr<Connection> connection) {
  const int fd = connection->fd();
  const std::uint64_t number = connection->number();
  const bool again = std::exchange(connection->in_event_set, true);
  connection->environment_block = {};  // a waiting client should cost little memory
  room_.put(std::move(connection), [&] {
    return again ? events_.rearm(fd, events | EPOLLONESHOT, number)
                 : events_.add(fd, events | EPOLLONESHOT, number);
  });
  // After put(), because sweep() stops the timer before it checks whether a connection has come.
  if (!timer_runs_.exchange(true)) set_timer(true);
  while ((room_.size() > most_waiting_ || room_.bytes_held() > kMostBytesHeld) && close_longest_idle(0ms)) {
  }
}

void ClientHandler::set_timer(bool on) const {
  const auto interval = std::chrono::duration_cast<std::chrono::seconds>(kSweepInterval).count();
  itimerspec times{};
  if (on) times.it_interval.tv_sec = times.it_value.tv_sec = interval;
  ::timerfd_settime(timer_.get(), 0, &times, nullptr);
}

void ClientHandler::sweep() {
  std::uint64_t expirations = 0;
  static_cast<void>(!::read(timer_.get(), &expirations, sizeof expirations));
  auto overdue = room_.take_overdue(kIdleLimit, kTotalLimit);
  counters_.dropped.add(overdue.size());
  for (const auto& connection : overdue)
    log_line(Topic::Warning, "dropped a silent client, process {}", connection->peer().pid);
  overdue.clear();
  if (room_.size() != 0) return;
  set_timer(false);
  timer_runs_ = false;
  if (room_.size() != 0 && !timer_runs_.exchange(true)) set_timer(true);  // a connection came in between
}

}  // namespace pump::include_server
