#include "pump/scheduler/resolver.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>

#include "pump/os/environment.h"
#include "pump/os/format.h"
#include "pump/os/text.h"

namespace pump::scheduler {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds kFresh(60);
constexpr std::chrono::seconds kFailed(1);  // then a name that does not resolve is looked up again
constexpr std::chrono::seconds kLongest(30);
constexpr std::size_t kMostBytes = 64U << 10U;
constexpr std::size_t kMostAddresses = 16;

bool is_numeric(const std::string& name) {
  in6_addr address{};
  return ::inet_pton(AF_INET, name.c_str(), &address) == 1 ||
         // "fe80::1%eth0" has a zone.
         ::inet_pton(AF_INET6, name.substr(0, name.find('%')).c_str(), &address) == 1;
}

/// From lines "ADDRESS TYPE [NAME]", of which each address has one for each type of socket.
Resolver::Addresses parse(std::string_view output) {
  Resolver::Addresses addresses;
  os::for_each_line(output, [&](std::string_view line) {
    std::string address(line.substr(0, line.find_first_of(" \t")));
    if (addresses.size() < kMostAddresses && is_numeric(address) &&
        std::find(addresses.begin(), addresses.end(), address) == addresses.end())
      addresses.push_back(std::move(address));
  });
  return addresses;
}

void put_first(Resolver::Addresses& addresses, const std::string& address) {
  const auto found = std::find(addresses.begin(), addresses.end(), address);
  if (found != addresses.end()) std::rotate(addresses.begin(), found, std::next(found));
}

}  // namespace

/// A running getent. The destructor ends it.
struct Resolver::Lookup {
  Lookup(os::Child started, os::UniqueFd reader, Time end)
      : child(std::move(started)), pipe(std::move(reader)), deadline(end) {}
  Lookup(const Lookup&) = delete;
  Lookup& operator=(const Lookup&) = delete;
  ~Lookup() {
    static_cast<void>(child.signal(SIGKILL));
    static_cast<void>(child.wait());
  }
  os::Child child;
  os::UniqueFd pipe;
  Time deadline;
  std::string output;
  EventLoop::Watch watch;
};

Resolver::Entry::Entry() = default;
Resolver::Entry::~Entry() = default;

Resolver::Resolver(EventLoop& loop, std::string getent, std::function<void(const std::string&)> log)
    : loop_(loop), getent_(std::move(getent)), log_(std::move(log)) {}
Resolver::~Resolver() = default;

std::optional<Expected<Resolver::Addresses>> Resolver::find(const std::string& name, Time now) {
  if (is_numeric(name)) return Addresses{name};
  Entry& entry = entries_[name];
  const auto limit = entry.error.empty() ? kFresh : kFailed;
  if (!entry.lookup && (!entry.looked_up || now - *entry.looked_up >= limit)) start(name, entry, now);
  if (!entry.addresses.empty()) return entry.addresses;
  if (entry.lookup) return std::nullopt;
  return fail(entry.error);
}

void Resolver::prefer(const std::string& name, const std::string& address) {
  const auto found = entries_.find(name);
  if (found == entries_.end()) return;
  found->second.preferred = address;
  put_first(found->second.addresses, address);
}

void Resolver::refresh(const std::string& name, Time now) {
  const auto found = entries_.find(name);
  if (found == entries_.end() || found->second.lookup) return;
  if (now - *found->second.looked_up >= kFailed) start(name, found->second, now);
}

void Resolver::start(const std::string& name, Entry& entry, Time now) {
  const auto begin = [&]() -> Status {
    const auto program =
        os::find_program(getent_, os::Environment::current().get_or("PATH", "/usr/bin:/bin"));
    if (!program) return fail(getent_ + " is not installed");
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) return fail_errno("cannot make a pipe");
    os::UniqueFd reader(ends[0]);
    const os::UniqueFd writer(ends[1]);
    ::fcntl(reader.get(), F_SETFL, O_NONBLOCK);
    const os::UniqueFd null(::open("/dev/null", O_RDWR | O_CLOEXEC));
    os::SpawnOptions options;
    options.program = *program;
    options.argv = {"getent", "ahosts", "--", name};
    options.descriptors = {
        {null.get(), STDIN_FILENO}, {writer.get(), STDOUT_FILENO}, {null.get(), STDERR_FILENO}};
    options.close_others = true;
    PUMP_TRY(os::Child child, os::spawn(options));
    auto lookup = std::make_unique<Lookup>(std::move(child), std::move(reader), now + kLongest);
    PUMP_TRY(lookup->watch, loop_.watch(lookup->pipe.get(), EPOLLIN, [this, name] { receive(name); }));
    entry.lookup = std::move(lookup);
    return {};
  };
  if (const Status begun = begin(); !begun) finish(name, entry, tl::make_unexpected(begun.error()), now);
}

void Resolver::receive(const std::string& name) {
  Entry& entry = entries_.at(name);
  Lookup& lookup = *entry.lookup;
  std::array<char, 4096> buffer;
  const ssize_t got = ::read(lookup.pipe.get(), buffer.data(), buffer.size());
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (got > 0) {
    lookup.output.append(buffer.data(), static_cast<std::size_t>(got));
    if (lookup.output.size() < kMostBytes) return;
  }
  Addresses addresses = parse(lookup.output);
  if (addresses.empty()) return finish(name, entry, fail("unknown name"), Clock::now());
  finish(name, entry, std::move(addresses), Clock::now());
}

void Resolver::finish(const std::string& name, Entry& entry, Expected<Addresses> result, Time now) {
  entry.lookup.reset();
  entry.looked_up = now;
  if (result) {
    if (!entry.error.empty()) log_("resolves again: " + name);
    entry.error.clear();
    entry.addresses = *std::move(result);
    put_first(entry.addresses, entry.preferred);
    return;
  }
  if (entry.error.empty())
    log_(os::format("cannot resolve {}: {}{}", name, result.error().message,
                    entry.addresses.empty() ? "" : "; its last addresses stay in use"));
  entry.error = os::format("cannot resolve {}: {}", name, result.error().message);
}

void Resolver::expire(Time now) {
  for (auto& [name, entry] : entries_)
    if (entry.lookup && entry.lookup->deadline <= now)
      finish(name, entry, fail("no answer from the name service"), now);
}

std::optional<Resolver::Time> Resolver::next_time() const {
  std::optional<Time> next;
  for (const auto& [name, entry] : entries_)
    if (entry.lookup) next = std::min(next.value_or(Time::max()), entry.lookup->deadline);
  return next;
}

}  // namespace pump::scheduler
