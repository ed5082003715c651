// The service with real sockets: what a launcher sees. Which host a unit gets is tested with the Scheduler.
#include "pump/scheduler/service.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <future>
#include <nlohmann/json.hpp>

#include "pump/scheduler/client.h"
#include "tests/unit/scheduler/scratch.h"

namespace pump::scheduler {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;

class ServiceTest : public ScratchTest {
 protected:
  void SetUp() override {
    ScratchTest::SetUp();
    start("getent");
  }
  void start(const std::string& getent) {
    ::unlink(path().c_str());
    service_.reset();
    auto service = Service::start({.socket = path(), .log = [](const std::string&) {}, .getent = getent});
    ASSERT_TRUE(service) << service.error().message;
    service_ = *std::move(service);
  }
  [[nodiscard]] std::string path() const { return scratch_ + "/scheduler"; }
  [[nodiscard]] SchedulerClient connect() const {
    auto client = SchedulerClient::connect(path());
    EXPECT_TRUE(client) << client.error().message;
    return *std::move(client);
  }
  [[nodiscard]] Want want(const std::string& hosts) const {
    Want want;
    want.hosts = hosts;
    want.compiler = "g++";
    want.unit = "/src a.o";
    want.size = 1000;
    want.build = "1";
    want.distcc_directory = distcc_;
    want.source = "a.cc";
    return want;
  }
  /// The Grant, or one without a host.
  static Grant granted(const Expected<SchedulerClient::Answer>& answer) {
    EXPECT_TRUE(answer) << answer.error().message;
    const auto* grant = answer ? std::get_if<Grant>(&*answer) : nullptr;
    return grant != nullptr ? *grant : Grant{};
  }
  static Local local(const Expected<SchedulerClient::Answer>& answer) {
    EXPECT_TRUE(answer) << answer.error().message;
    const auto* local = answer ? std::get_if<Local>(&*answer) : nullptr;
    return local != nullptr ? *local : Local{};
  }
  [[nodiscard]] json status() const {
    return json::parse(SchedulerClient::status(path()).value_or(""), nullptr, false);
  }
  void wait_for_queued(std::size_t number) const {
    while (status().value("queued", std::size_t{0}) != number) ::usleep(1000);
  }
  std::unique_ptr<Service> service_;
};

TEST_F(ServiceTest, TheSocketIsForThisUserOnly) {
  EXPECT_EQ(mode(path()), 0600U);
}

TEST_F(ServiceTest, ALauncherGetsAHostASlotAndAddresses) {
  SchedulerClient client = connect();
  const Grant grant = granted(client.ask(want("127.0.0.1:9/4,cpp,lzo")));
  EXPECT_EQ(grant.host, "127.0.0.1:9/4,cpp,lzo");
  EXPECT_EQ(grant.slot, 0U);
  EXPECT_THAT(grant.addresses, ElementsAre("127.0.0.1"));
}

TEST_F(ServiceTest, AHostOverSshNeedsNoAddress) {
  SchedulerClient client = connect();
  const Grant grant = granted(client.ask(want("me@no-such-name.invalid/4,cpp,lzo")));
  EXPECT_EQ(grant.host, "me@no-such-name.invalid/4,cpp,lzo");
  EXPECT_TRUE(grant.addresses.empty());
}

TEST_F(ServiceTest, TheEndOfAConnectionFreesTheSlot) {
  auto first = std::make_unique<SchedulerClient>(connect());
  granted(first->ask(want("127.0.0.1:9/1,cpp,lzo")));
  SchedulerClient second = connect();
  auto answer = std::async(std::launch::async, [&] { return second.ask(want("127.0.0.1:9/1,cpp,lzo")); });
  wait_for_queued(1);
  EXPECT_EQ(status().at("running"), 1);
  first.reset();
  EXPECT_EQ(granted(answer.get()).slot, 0U);
}

TEST_F(ServiceTest, TheEndOfAQueuedConnectionFreesItsPlace) {
  SchedulerClient first = connect();
  granted(first.ask(want("127.0.0.1:9/1,cpp,lzo")));
  {
    const SchedulerClient gone = connect();
    const std::string packet = encode(want("127.0.0.1:9/1,cpp,lzo"));
    ASSERT_GT(::send(gone.fd(), packet.data(), packet.size(), 0), 0);
    wait_for_queued(1);
  }
  wait_for_queued(0);
}

TEST_F(ServiceTest, AUnitThatIsDoneFreesTheSlot) {
  SchedulerClient first = connect(), second = connect();
  granted(first.ask(want("127.0.0.1:9/1,cpp,lzo")));
  first.connected({});
  first.done(Done{});
  EXPECT_EQ(granted(second.ask(want("127.0.0.1:9/1,cpp,lzo"))).slot, 0U);
  EXPECT_EQ(status().at("hosts").at(0).at("units"), 1);
}

TEST_F(ServiceTest, AfterAFaultTheLauncherAsksForAnotherHost) {
  SchedulerClient client = connect();
  Want next = want("127.0.0.1:9/4,cpp,lzo 127.0.0.2:9/4,cpp,lzo");
  const Grant first = granted(client.ask(next));
  client.done({.outcome = Outcome::Refused, .detail = "connection refused"});
  next.failed = {first.host};
  const Grant second = granted(client.ask(next));
  EXPECT_FALSE(second.host.empty());
  EXPECT_NE(second.host, first.host);
  client.done({.outcome = Outcome::Refused, .detail = "connection refused"});
  next.failed.push_back(second.host);
  EXPECT_FALSE(local(client.ask(next)).reason.empty());
}

TEST_F(ServiceTest, AHostWhoseNameDoesNotResolveIsDownAndOthersAreUsed) {
  start(script("getent", "exit 2"));
  SchedulerClient client = connect();
  EXPECT_EQ(granted(client.ask(want("nobody/4,cpp,lzo 127.0.0.1:9/4,cpp,lzo"))).host,
            "127.0.0.1:9/4,cpp,lzo");
  SchedulerClient other = connect();
  EXPECT_FALSE(local(other.ask(want("nobody/4,cpp,lzo"))).reason.empty());
}

TEST_F(ServiceTest, AUnitThatWaitsForANameDoesNotHoldUpOthers) {
  ASSERT_EQ(::mkfifo((scratch_ + "/answer").c_str(), 0600), 0);
  start(script("getent", "exec cat " + scratch_ + "/answer"));
  SchedulerClient first = connect();
  auto answer = std::async(std::launch::async, [&] { return first.ask(want("slow/4,cpp,lzo")); });
  SchedulerClient second = connect();
  EXPECT_EQ(granted(second.ask(want("127.0.0.1:9/4,cpp,lzo"))).host, "127.0.0.1:9/4,cpp,lzo");
  {
    const os::UniqueFd fifo(::open((scratch_ + "/answer").c_str(), O_WRONLY | O_CLOEXEC));
    ASSERT_TRUE(os::write_all(fifo.get(), "192.0.2.7 STREAM slow\n"));
  }
  EXPECT_THAT(granted(answer.get()).addresses, ElementsAre("192.0.2.7"));
}

TEST_F(ServiceTest, AnAddressThatWorksComesFirstForTheNextLauncher) {
  start(script("getent", "echo '192.0.2.7 STREAM two'; echo '127.0.0.1 STREAM'"));
  SchedulerClient first = connect();
  EXPECT_THAT(granted(first.ask(want("two/4,cpp,lzo"))).addresses, ElementsAre("192.0.2.7", "127.0.0.1"));
  first.connected({"127.0.0.1"});
  SchedulerClient second = connect();
  EXPECT_THAT(granted(second.ask(want("two/4,cpp,lzo"))).addresses, ElementsAre("127.0.0.1", "192.0.2.7"));
}

TEST_F(ServiceTest, AfterAConnectionHasEndedTheHostIsProbedAtOnce) {
  SchedulerClient client = connect();
  granted(client.ask(want("127.0.0.1:1/4,cpp,lzo")));
  client.connected({});
  client.done({.outcome = Outcome::Closed, .detail = "closed"});
  while (status().at("hosts").at(0).at("state") != "down") ::usleep(1000);
}

TEST_F(ServiceTest, ASlotThatDistccHoldsIsGrantedWhenItIsFree) {
  ASSERT_EQ(::mkdir((distcc_ + "/lock").c_str(), 0755), 0);
  os::UniqueFd lock(
      ::open((distcc_ + "/lock/cpu_tcp_127.0.0.1_9_0").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0666));
  struct flock held {};
  held.l_type = F_WRLCK;
  held.l_whence = SEEK_SET;
  ASSERT_EQ(::fcntl(lock.get(), F_OFD_SETLK, &held), 0);
  SchedulerClient client = connect();
  auto answer = std::async(std::launch::async, [&] { return client.ask(want("127.0.0.1:9/1,cpp,lzo")); });
  wait_for_queued(1);
  while (status().at("hosts").at(0).at("taken") != 1) ::usleep(1000);
  lock.reset();
  EXPECT_EQ(granted(answer.get()).slot, 0U);
  EXPECT_EQ(status().at("hosts").at(0).at("taken"), 0);
}

TEST_F(ServiceTest, ARunningUnitIsShownToTheMonitorsOfDistcc) {
  const auto shown_pid = [&] {
    const std::string content = os::read_file(distcc_ + "/state/binstate_tcp_127.0.0.1_9_0").value_or("");
    unsigned long pid = 0;
    if (content.size() > 24) std::memcpy(&pid, content.data() + 16, sizeof pid);
    return static_cast<pid_t>(pid);
  };
  SchedulerClient client = connect();
  granted(client.ask(want("127.0.0.1:9/4,cpp,lzo")));
  EXPECT_EQ(shown_pid(), ::getpid());
  client.done(Done{});
  while (shown_pid() == ::getpid()) ::usleep(1000);
  service_.reset();
  EXPECT_FALSE(exists(distcc_ + "/state/binstate_tcp_127.0.0.1_9_0"));
}

TEST_F(ServiceTest, ALauncherThatIsDoneMayClose) {
  for (int i = 0; i < 3; ++i) {
    SchedulerClient client = connect();
    granted(client.ask(want("127.0.0.1:9/1,cpp,lzo")));
    client.connected({});
    client.done(Done{});
  }
  while (status().at("running") != 0) ::usleep(1000);
  EXPECT_EQ(status().at("hosts").at(0).at("units"), 3);
}

TEST_F(ServiceTest, PacketsThatAreNotExpectedEndTheConnection) {
  const std::string packets[] = {
      "nonsense",
      std::string("want\0", 5),
      encode(Connected{}),
      encode(Done{}),
      encode(Grant{}),
      encode(want("127.0.0.1:70000x/,cpp")),
      std::string(kMostBytes + 1, 'x'),
  };
  for (const std::string& packet : packets) {
    const SchedulerClient client = connect();
    ASSERT_GT(::send(client.fd(), packet.data(), packet.size(), 0), 0);
    char byte = 0;
    EXPECT_EQ(::recv(client.fd(), &byte, 1, 0), 0) << packet.substr(0, 20);
  }
  SchedulerClient client = connect();
  EXPECT_FALSE(granted(client.ask(want("127.0.0.1:9/4,cpp,lzo"))).host.empty()) << "the service has ended";
}

TEST_F(ServiceTest, ASecondRequestWhileTheFirstRunsEndsTheConnection) {
  SchedulerClient client = connect();
  granted(client.ask(want("127.0.0.1:9/4,cpp,lzo")));
  EXPECT_FALSE(client.ask(want("127.0.0.1:9/4,cpp,lzo")));
}

TEST_F(ServiceTest, AClientThatDoesNotReadIsDropped) {
  const SchedulerClient client = connect();
  const std::string packet = encode(StatusRequest{});
  while (::send(client.fd(), packet.data(), packet.size(), MSG_NOSIGNAL) > 0) {
  }
  EXPECT_TRUE(errno == EPIPE || errno == ECONNRESET) << errno;
  EXPECT_TRUE(status().is_object());
}

TEST_F(ServiceTest, WithoutAMoveThereIsNothingToRead) {
  SchedulerClient client = connect();
  granted(client.ask(want("127.0.0.1:9/4,cpp,lzo")));
  EXPECT_FALSE(client.poll_move());
  EXPECT_GE(client.fd(), 0);
}

/// A unit on a host that has done nothing yet, which is moved because a fast one has nothing to do.
class MoveTest : public ServiceTest {
 protected:
  void SetUp() override {
    ServiceTest::SetUp();
    for (int i = 0; i < 3; ++i) begin_unit_on_fast().done(Done{});
    SchedulerClient fast = begin_unit_on_fast();
    unit_.emplace(connect());
    ASSERT_EQ(granted(unit_->ask(want_)).host, kNew);
    unit_->connected({});
    fast.done(Done{});
    pollfd entry{.fd = unit_->fd(), .events = POLLIN, .revents = 0};
    ASSERT_EQ(::poll(&entry, 1, 60'000), 1);
  }
  [[nodiscard]] SchedulerClient begin_unit_on_fast() const {
    SchedulerClient client = connect();
    granted(client.ask(want(kFast)));
    client.connected({});
    return client;
  }
  const std::string kFast = "127.0.0.1:9/1,cpp,lzo", kNew = "127.0.0.2:9/1,cpp,lzo";
  const Want want_ = want(kFast + " " + kNew);
  std::optional<SchedulerClient> unit_;
};

TEST_F(MoveTest, AMovedUnitGetsTheFasterHost) {
  EXPECT_TRUE(unit_->poll_move());
  EXPECT_FALSE(unit_->poll_move());
  unit_->done({.outcome = Outcome::Moved, .detail = ""});
  EXPECT_NE(granted(unit_->ask(want_)).host, kNew);
  unit_->connected({});
  unit_->done(Done{});
  while (status().at("running") != 0) ::usleep(1000);
}

TEST_F(MoveTest, AMoveThatCameTooLateIsForgotten) {
  unit_->done(Done{});
  while (status().at("running") != 0) ::usleep(1000);
  EXPECT_EQ(status().at("queued"), 0);
  EXPECT_FALSE(granted(unit_->ask(want_)).host.empty()) << "the Move is no answer";
}

TEST_F(MoveTest, AFaultBeforeTheMoveLeavesTheUnitOnTheOtherHost) {
  unit_->done({.outcome = Outcome::Reset, .detail = "connection reset"});
  Want next = want_;
  next.failed = {kNew};
  EXPECT_NE(granted(unit_->ask(next)).host, kNew);
}

TEST_F(MoveTest, ALauncherThatIsKilledByItsMoveFreesBothSlots) {
  unit_.reset();
  while (status().at("running") != 0) ::usleep(1000);
  EXPECT_EQ(status().at("queued"), 0);
}

TEST_F(ServiceTest, LaunchersNoticeTheEndOfTheService) {
  SchedulerClient running = connect(), queued = connect();
  granted(running.ask(want("127.0.0.1:9/1,cpp,lzo")));
  auto answer = std::async(std::launch::async, [&] { return queued.ask(want("127.0.0.1:9/1,cpp,lzo")); });
  wait_for_queued(1);
  service_.reset();
  EXPECT_FALSE(answer.get());
  EXPECT_FALSE(running.poll_move());
  EXPECT_EQ(running.fd(), -1);
  EXPECT_FALSE(running.poll_move());
  running.done(Done{});
  EXPECT_FALSE(SchedulerClient::status(path()));
}

TEST_F(ServiceTest, TheStatusHasTheHostsAndTheQueue) {
  SchedulerClient client = connect();
  granted(client.ask(want("127.0.0.1:9/4,cpp,lzo")));
  const json state = status();
  EXPECT_EQ(state.at("running"), 1);
  EXPECT_EQ(state.at("queued"), 0);
  const json host = state.at("hosts").at(0);
  EXPECT_EQ(host.at("host"), "127.0.0.1:9/4,cpp,lzo");
  EXPECT_EQ(host.at("slots"), 4);
  EXPECT_EQ(host.at("state"), "new");
}

}  // namespace
}  // namespace pump::scheduler
