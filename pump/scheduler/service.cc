#include "pump/scheduler/service.h"

#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <thread>
#include <unordered_map>

#include "pump/distcc/hosts.h"
#include "pump/os/process_info.h"
#include "pump/scheduler/directory_check.h"
#include "pump/scheduler/event_loop.h"
#include "pump/scheduler/messages.h"
#include "pump/scheduler/probe.h"
#include "pump/scheduler/resolver.h"
#include "pump/scheduler/scheduler.h"
#include "pump/scheduler/slot_locks.h"

namespace pump::scheduler {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kBacklog = 4096;
constexpr std::size_t kMostClients = 8192;       // more wait until they are accepted
constexpr std::chrono::seconds kAcceptPause(1);  // after a lack of descriptors
constexpr std::size_t kMostHostLists = 64;
constexpr std::chrono::seconds kPause(1);  // of this thread, which otherwise is on time

Expected<os::UniqueFd> listen_at(const std::string& path) {
  sockaddr_un address{};
  if (path.size() >= sizeof address.sun_path) return fail("socket path too long: " + path, ENAMETOOLONG);
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.data(), path.size());
  os::UniqueFd fd(::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  // Linux gives the new name the mode of the socket, less the umask.
  if (!fd || ::fchmod(fd.get(), 0600) != 0 ||
      ::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      ::listen(fd.get(), kBacklog) != 0)
    return fail_errno("cannot listen at " + path);
  return fd;
}

/// The process at the other end; nothing if it is not this user's.
std::optional<pid_t> peer_of(int fd) {
  ucred peer{};
  socklen_t size = sizeof peer;
  if (::getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0 || peer.uid != ::geteuid())
    return std::nullopt;
  return peer.pid;
}

nlohmann::json to_json(const Scheduler::HostStatus& host) {
  return {{"host", host.host},       {"state", host.state},   {"slots", host.slots},
          {"running", host.running}, {"taken", host.taken},   {"speed", host.speed},
          {"units", host.units},     {"faults", host.faults}, {"last_fault", host.last_fault}};
}

/// Fits into a packet: hosts that do not are left out.
std::string to_json(const Scheduler::Status& status) {
  constexpr std::size_t kRoom = kMostBytes - 1024;
  nlohmann::json hosts = nlohmann::json::array();
  const auto dump = [](const nlohmann::json& value) {
    return value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  };
  std::size_t size = 0;
  for (const Scheduler::HostStatus& host : status.hosts) {
    nlohmann::json entry = to_json(host);
    size += dump(entry).size() + 1;
    if (size > kRoom) break;
    hosts.push_back(std::move(entry));
  }
  return dump({{"hosts", std::move(hosts)},
               {"queued", status.queued},
               {"running", status.running},
               {"stopped", status.stopped}});
}

/// A launcher.
struct Client {
  os::UniqueFd fd;
  EventLoop::Watch watch;  ///< ends before `fd`
  pid_t pid = 0;

  Want want;
  std::shared_ptr<const distcc::HostList> hosts;
  bool waiting = false;   ///< for an answer to `want`
  bool running = false;   ///< it has a Grant
  bool moved = false;     ///< it had one and got a Move, to which it has not replied yet
  bool queued = false;    ///< the Scheduler has the unit, and no answer is decided
  bool expected = false;  ///< by the Scheduler: the reply to a Move
  /// Decided for a launcher that has not asked yet, because it first gives up another host.
  std::optional<Message> answer;

  /// The host that the Scheduler granted; null: none.
  const distcc::Host* host = nullptr;
  double predicted = 0;
  SlotLocks::Slot slot;

  void release() {
    host = nullptr;
    slot = {};
  }
};

struct BackgroundProbe {
  distcc::Host host;
  std::unique_ptr<Probe> probe;  ///< null: the name is being looked up
};

class Server {
 public:
  explicit Server(ServiceOptions options)
      : options_(std::move(options)),
        scheduler_([this](UnitId unit) { return is_stopped(unit); }),
        directories_(options_.log),
        resolver_(loop_, options_.getent, options_.log) {}

  Status open();
  void run();
  void stop() const { loop_.stop(); }

 private:
  // Connections.
  void accept_clients();
  void add_client(os::UniqueFd fd, pid_t pid);
  void resume_accepting(Time now);
  void receive(UnitId unit);
  /// False: the message is not one that is expected now.
  bool handle(UnitId unit, Client& client, Message message);
  bool handle_want(UnitId unit, Client& client, Want want);
  bool handle_connected(UnitId unit, Client& client, const Connected& connected);
  bool handle_done(UnitId unit, Client& client, const Done& done);
  void reply_to_move(UnitId unit, Client& client, const Done& done, Time now);
  // After these two, the client may be gone.
  void answer(UnitId unit, Client& client, Message message);
  void send(UnitId unit, Client& client, const Message& message);
  void drop(UnitId unit);
  std::shared_ptr<const distcc::HostList> parse(const std::string& text);

  // Decisions.
  void decide(Time now);
  void carry_out(const GrantDecision& decision, Time now);
  void carry_out(const LocalDecision& decision, Time now);
  void carry_out(const MoveDecision& decision, Time now);
  void carry_out(const ProbeDecision& decision, Time now);
  /// False: the addresses of the host are being looked up.
  bool deliver_grant(UnitId unit, Client& client, Time now);
  void unreachable(UnitId unit, Client& client, const std::string& reason, Time now);
  void submit(UnitId unit, Client& client, Time now);
  void withdraw(UnitId unit, Client& client, Time now);
  void continue_lookups(Time now);
  void continue_probes(Time now);
  /// Nothing: not yet.
  std::optional<bool> probe_result(BackgroundProbe& probe, Time now);
  void refresh_slots(Time now);
  [[nodiscard]] bool is_stopped(UnitId unit) const;
  [[nodiscard]] std::optional<Time> next_time() const;

  const ServiceOptions options_;
  EventLoop loop_;
  os::UniqueFd listener_;
  EventLoop::Watch listening_;  ///< none: too many clients, or too few descriptors
  Time resume_{};
  Scheduler scheduler_;
  DirectoryCheck directories_;
  SlotLocks locks_;
  Resolver resolver_;
  std::unordered_map<UnitId, std::unique_ptr<Client>> clients_;
  UnitId last_unit_ = 0;
  std::size_t waiting_ = 0;                        ///< clients that wait
  std::set<UnitId> looking_up_;                    ///< units with a host whose name is being looked up
  std::map<std::string, BackgroundProbe> probes_;  ///< by Host::text
  std::unordered_map<std::string, std::shared_ptr<const distcc::HostList>> host_lists_;  ///< by their text
  std::string buffer_ = std::string(kMostBytes + 1, '\0');
};

Status Server::open() {
  PUMP_CHECK(loop_.open());
  PUMP_TRY(listener_, listen_at(options_.socket));
  PUMP_TRY(listening_, loop_.watch(listener_.get(), EPOLLIN, [this] { accept_clients(); }));
  return {};
}

void Server::run() {
  while (true) {
    const std::optional<Time> planned = next_time();
    if (!loop_.run_once(planned)) return;
    // This process was stopped, or waited for a file system: what was said meanwhile counts before what is due.
    if (planned && Clock::now() - *planned > kPause && !loop_.run_pending()) return;
    const Time now = Clock::now();
    resume_accepting(now);
    resolver_.expire(now);
    refresh_slots(now);
    continue_probes(now);
    continue_lookups(now);
    decide(now);
  }
}

std::optional<Time> Server::next_time() const {
  std::optional<Time> next;
  const auto consider = [&next](std::optional<Time> time) {
    if (time) next = std::min(next.value_or(Time::max()), *time);
  };
  consider(scheduler_.next_time());
  consider(resolver_.next_time());
  if (waiting_ > 0) consider(locks_.next_refresh());
  if (!listening_) consider(resume_);
  for (const auto& [text, probe] : probes_)
    if (probe.probe) consider(probe.probe->deadline());
  return next;
}

// ---- Connections. ----

void Server::accept_clients() {
  while (clients_.size() < kMostClients) {
    os::UniqueFd fd(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (!fd && (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM)) break;
    if (!fd) return;  // none is left, or the event comes again
    if (const auto pid = peer_of(fd.get())) add_client(std::move(fd), *pid);
  }
  listening_ = {};
  resume_ = Clock::now() + kAcceptPause;
}

void Server::resume_accepting(Time now) {
  if (listening_ || now < resume_) return;
  resume_ = now + kAcceptPause;
  if (auto watch = loop_.watch(listener_.get(), EPOLLIN, [this] { accept_clients(); }))
    listening_ = *std::move(watch);
}

void Server::add_client(os::UniqueFd fd, pid_t pid) {
  const UnitId unit = ++last_unit_;
  auto watch = loop_.watch(fd.get(), EPOLLIN, [this, unit] { receive(unit); });
  if (!watch) return;
  auto client = std::make_unique<Client>();
  client->fd = std::move(fd);
  client->watch = *std::move(watch);
  client->pid = pid;
  clients_.emplace(unit, std::move(client));
  receive(unit);  // a launcher asks right after it has connected
}

void Server::receive(UnitId unit) {
  // A launcher that is done closes its connection at once: to see both together saves a wake-up.
  for (bool more = true; more;) {
    const auto found = clients_.find(unit);
    if (found == clients_.end()) return;
    Client& client = *found->second;
    const ssize_t got = ::recv(client.fd.get(), buffer_.data(), buffer_.size(), 0);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (got <= 0 || static_cast<std::size_t>(got) > kMostBytes) return drop(unit);
    auto message = decode(std::string_view(buffer_).substr(0, static_cast<std::size_t>(got)));
    more = message && std::holds_alternative<Done>(*message);
    if (!message || !handle(unit, client, *std::move(message))) return drop(unit);
  }
}

bool Server::handle(UnitId unit, Client& client, Message message) {
  if (auto* const want = std::get_if<Want>(&message)) return handle_want(unit, client, std::move(*want));
  if (auto* const done = std::get_if<Done>(&message)) return handle_done(unit, client, *done);
  if (std::holds_alternative<StatusRequest>(message)) {
    send(unit, client, StatusReply{to_json(scheduler_.status(Clock::now()))});
    return true;
  }
  if (auto* const connected = std::get_if<Connected>(&message))
    return handle_connected(unit, client, *connected);
  return false;
}

bool Server::handle_connected(UnitId unit, Client& client, const Connected& connected) {
  if (!client.running) return client.moved;
  scheduler_.connected(unit, Clock::now());
  if (!connected.address.empty()) resolver_.prefer(client.host->name, connected.address);
  client.slot.set_phase(MonitorPhase::Compile);
  return true;
}

bool Server::handle_want(UnitId unit, Client& client, Want want) {
  if (client.waiting || client.running) return false;
  auto hosts = parse(want.hosts);
  if (!hosts) return false;
  const Time now = Clock::now();
  if (client.moved) reply_to_move(unit, client, Done{.outcome = Outcome::Moved, .detail = {}}, now);
  // After a Move the Scheduler has the unit already, with the hosts of the first request.
  if ((client.queued || client.answer) && want.hosts != client.want.hosts) withdraw(unit, client, now);
  client.waiting = true;
  ++waiting_;
  if (client.answer) {
    answer(unit, client, *std::exchange(client.answer, std::nullopt));
  } else if (!client.queued) {
    client.want = std::move(want);
    if (!directories_.answers(client.want.distcc_directory)) client.want.distcc_directory.clear();
    client.hosts = std::move(hosts);
    submit(unit, client, now);
  }
  return true;
}

bool Server::handle_done(UnitId unit, Client& client, const Done& done) {
  const Time now = Clock::now();
  if (client.moved) {
    reply_to_move(unit, client, done, now);
    return true;
  }
  if (!client.running || done.outcome == Outcome::Moved) return false;
  client.running = false;
  client.release();
  scheduler_.finished(unit, done, now);
  return true;
}

void Server::reply_to_move(UnitId unit, Client& client, const Done& done, Time now) {
  client.moved = false;
  if (std::exchange(client.expected, false)) scheduler_.finished(unit, done, now);
  // The unit had ended before the launcher got the Move.
  if (done.outcome == Outcome::Ok || done.outcome == Outcome::CompileError) withdraw(unit, client, now);
}

void Server::answer(UnitId unit, Client& client, Message message) {
  client.queued = false;
  if (!client.waiting) {
    client.answer = std::move(message);
    return;
  }
  client.waiting = false;
  --waiting_;
  client.running = std::holds_alternative<Grant>(message);
  if (client.running)
    client.slot.show({.pid = client.pid,
                      .source = client.want.source,
                      .host = client.host->name,
                      .slot = client.slot.number()});
  send(unit, client, message);
}

void Server::send(UnitId unit, Client& client, const Message& message) {
  const std::string packet = encode(message);
  if (::send(client.fd.get(), packet.data(), packet.size(), MSG_NOSIGNAL | MSG_DONTWAIT) < 0) drop(unit);
}

void Server::drop(UnitId unit) {
  const auto found = clients_.find(unit);
  if (found == clients_.end()) return;
  if (found->second->waiting) --waiting_;
  clients_.erase(found);
  looking_up_.erase(unit);
  scheduler_.gone(unit, Clock::now());
}

std::shared_ptr<const distcc::HostList> Server::parse(const std::string& text) {
  const auto known = host_lists_.find(text);
  if (known != host_lists_.end()) return known->second;
  auto list = distcc::parse_hosts(text);
  if (!list) return nullptr;
  if (host_lists_.size() >= kMostHostLists) host_lists_.clear();
  return host_lists_[text] = std::make_shared<const distcc::HostList>(*std::move(list));
}

// ---- Decisions. ----

void Server::decide(Time now) {
  while (true) {
    const std::vector<Decision> decisions = scheduler_.decide(now);
    if (decisions.empty()) return;
    for (const Decision& decision : decisions)
      std::visit([&](const auto& chosen) { carry_out(chosen, now); }, decision);
  }
}

void Server::submit(UnitId unit, Client& client, Time now) {
  client.queued = true;
  scheduler_.submit(unit, client.want, *client.hosts, now);
}

void Server::withdraw(UnitId unit, Client& client, Time now) {
  client.queued = client.expected = false;
  client.answer.reset();
  client.release();
  looking_up_.erase(unit);
  scheduler_.gone(unit, now);
}

void Server::carry_out(const GrantDecision& decision, Time now) {
  const auto found = clients_.find(decision.unit);
  if (found == clients_.end()) return;  // dropped after this was decided
  Client& client = *found->second;
  const auto& hosts = client.hosts->hosts;
  const auto host = std::find_if(hosts.begin(), hosts.end(),
                                 [&](const distcc::Host& one) { return one.text == decision.host; });
  if (host == hosts.end()) return drop(decision.unit);
  auto slot = locks_.take(*host, client.want.distcc_directory, now);
  if (!slot) {
    withdraw(decision.unit, client, now);
    submit(decision.unit, client, now);
  }
  scheduler_.set_taken(host->text, locks_.taken(host->text), now);
  if (!slot) return;
  client.host = &*host;
  client.predicted = decision.predicted;
  client.slot = *std::move(slot);
  if (!deliver_grant(decision.unit, client, now)) looking_up_.insert(decision.unit);
}

bool Server::deliver_grant(UnitId unit, Client& client, Time now) {
  const distcc::Host& host = *client.host;
  Grant grant{
      .host = host.text, .slot = client.slot.number(), .predicted = client.predicted, .addresses = {}};
  if (!host.ssh) {
    auto addresses = resolver_.find(host.name, now);
    if (!addresses) return false;
    if (!*addresses) {
      unreachable(unit, client, addresses->error().message, now);
      return true;
    }
    grant.addresses = **std::move(addresses);
  }
  answer(unit, client, std::move(grant));
  return true;
}

void Server::unreachable(UnitId unit, Client& client, const std::string& reason, Time now) {
  client.want.failed.push_back(client.host->text);
  // As long as the Scheduler expects the reply to a Move, it would take this for the reply.
  if (client.expected)
    withdraw(unit, client, now);
  else
    scheduler_.finished(unit, Done{.outcome = Outcome::Unreachable, .detail = reason}, now);
  client.release();
  submit(unit, client, now);
}

void Server::continue_lookups(Time now) {
  for (const UnitId unit : std::set(looking_up_)) {
    const auto found = clients_.find(unit);
    if (found != clients_.end() && deliver_grant(unit, *found->second, now)) looking_up_.erase(unit);
  }
}

void Server::carry_out(const LocalDecision& decision, Time /*now*/) {
  const auto found = clients_.find(decision.unit);
  if (found != clients_.end()) answer(decision.unit, *found->second, Local{decision.reason, decision.detail});
}

void Server::carry_out(const MoveDecision& decision, Time now) {
  const auto found = clients_.find(decision.unit);
  if (found == clients_.end()) return;
  Client& client = *found->second;
  client.queued = decision.cause != MoveCause::Stopped;
  client.answer.reset();
  client.release();  // the launcher closes its connection to the host at once
  looking_up_.erase(decision.unit);
  if (!std::exchange(client.running, false))  // the launcher does not know the host yet
    return scheduler_.finished(decision.unit, Done{.outcome = Outcome::Moved, .detail = {}}, now);
  client.moved = client.expected = true;
  send(decision.unit, client, Move{decision.cause, decision.reason});
}

void Server::carry_out(const ProbeDecision& decision, Time now) {
  auto list = distcc::parse_hosts(decision.host);
  if (list && list->hosts.size() == 1)
    probes_.try_emplace(decision.host, BackgroundProbe{std::move(list->hosts.front()), nullptr});
  continue_probes(now);
}

void Server::continue_probes(Time now) {
  for (auto at = probes_.begin(); at != probes_.end();) {
    const auto result = probe_result(at->second, now);
    if (result) scheduler_.probed(at->first, *result, now);
    at = result ? probes_.erase(at) : std::next(at);
  }
}

std::optional<bool> Server::probe_result(BackgroundProbe& probe, Time now) {
  if (probe.host.ssh) return true;  // only a unit can tell
  if (!probe.probe) {
    resolver_.refresh(probe.host.name, now);  // it may have another address now
    const auto addresses = resolver_.find(probe.host.name, now);
    if (!addresses) return std::nullopt;
    if (!*addresses) return false;
    probe.probe = std::make_unique<Probe>(loop_, **addresses, probe.host.port, now);
  }
  return probe.probe->result(now);
}

bool Server::is_stopped(UnitId unit) const {
  const auto found = clients_.find(unit);
  const auto process = found == clients_.end() ? std::nullopt : os::look_up_process(found->second->pid);
  return process && process->state == 'T';
}

void Server::refresh_slots(Time now) {
  if (waiting_ == 0) return;
  for (const SlotLocks::Taken& host : locks_.refresh(now)) scheduler_.set_taken(host.host, host.slots, now);
}

}  // namespace

struct Service::Running {
  explicit Running(ServiceOptions options) : server(std::move(options)) {}
  Server server;
  std::thread thread;
};

Service::Service(std::unique_ptr<Running> running) : running_(std::move(running)) {}

Expected<std::unique_ptr<Service>> Service::start(ServiceOptions options) {
  auto running = std::make_unique<Running>(std::move(options));
  PUMP_CHECK(running->server.open());
  try {
    running->thread = std::thread([server = &running->server] { server->run(); });
  } catch (const std::system_error& error) {
    return fail(std::string("cannot start the scheduler's thread: ") + error.what(), error.code().value());
  }
  return std::unique_ptr<Service>(new Service(std::move(running)));
}

Service::~Service() {
  running_->server.stop();
  running_->thread.join();
}

}  // namespace pump::scheduler
