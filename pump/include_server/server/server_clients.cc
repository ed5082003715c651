// One client's way: accepted, read, answered, replied to, by the worker who accepted. What has not arrived
// yet waits in the waiting room, costs a descriptor and is bounded in number, bytes and time, so slow and
// silent clients cannot keep a worker.
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <thread>

#include "pump/include_server/server/server_impl.h"
#include "pump/include_server/support/log.h"

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
constexpr std::uint64_t kMaxHeld = 64U << 20U;  // bytes of incomplete requests, all clients together

std::shared_ptr<const std::string> cannot_answer() {
  static const auto reply = std::make_shared<const std::string>(kCannotAnswer);
  return reply;
}

}  // namespace

void Server::Impl::accept_one() {
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

/// Without a descriptor for a new client, the one that has been silent for longest goes; if all are busy,
/// some will be done in a moment, and the new one waits in the kernel's queue.
void Server::Impl::make_room() {
  if (auto idle = room.take_longest(kSpareable)) {
    ++dropped;
    return;
  }
  std::this_thread::sleep_for(kAcceptPause);
}

void Server::Impl::advance(std::unique_ptr<Connection> connection) {
  if (!connection->sending()) {
    // A client connects, then writes: what can be done without the request is done meanwhile. Looking too
    // early costs a sleep and, worse, makes the client's next write wake us.
    if (!connection->registered) {
      connection->environment = environment_block_of(connection->peer().pid);
      const std::string_view request = connection->receive_first();
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

void Server::Impl::send(std::unique_ptr<Connection> connection) {
  if (connection->send() == Connection::Progress::WouldBlock) park(std::move(connection), EPOLLOUT);
}

bool Server::Impl::prepare_reply(Connection& connection) {
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

std::shared_ptr<const std::string> Server::Impl::answer(Connection& connection) {
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

void Server::Impl::park(std::unique_ptr<Connection> connection, std::uint32_t events) {
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

void Server::Impl::set_timer(bool on) const {
  const auto interval = std::chrono::duration_cast<std::chrono::seconds>(kSweepInterval).count();
  itimerspec times{};
  if (on) times.it_interval.tv_sec = times.it_value.tv_sec = interval;
  ::timerfd_settime(timer.get(), 0, &times, nullptr);
}

void Server::Impl::sweep() {
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

}  // namespace pump::include_server
