// The life of a session. Uses real processes and locks.
#include "pump/session/session.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <set>
#include <thread>

#include <fmt/format.h>

#include "pump/os/file_io.h"
#include "pump/session/pins.h"
#include "pump/session/server_process.h"
#include "tests/unit/session/fixture.h"

namespace pump::session {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

using SessionLife = SessionTest;

TEST_F(SessionLife, FiftyClientsAtOnceStartOneServer) {
  environment_.set("FAKE_DELAY", "200");
  std::vector<ClientProcess> clients;
  for (int i = 0; i < 50; ++i) clients.push_back(start_client());
  std::set<pid_t> pids;
  int starters = 0;
  for (ClientProcess& client : clients) {
    const Server server = client.server();
    pids.insert(server.pid);
    starters += server.started_here ? 1 : 0;
  }
  EXPECT_EQ(pids.size(), 1U);
  EXPECT_GT(*pids.begin(), 0);
  EXPECT_EQ(starters, 1);
  const SessionInfo seen = info();
  EXPECT_TRUE(seen.running);
  EXPECT_EQ(seen.clients, 50U);
  EXPECT_EQ(seen.pid, *pids.begin());
  EXPECT_EQ(seen.backend, "native");
  for (ClientProcess& client : clients) EXPECT_EQ(client.leave(), 0);
  EXPECT_TRUE(eventually_gone());
}

TEST_F(SessionLife, NothingRemainsAfterTheLastClient) {
  ClientProcess client = start_client();
  const pid_t pid = client.server().pid;
  const Directory place = directory();
  EXPECT_TRUE(exists(place.socket()));
  EXPECT_EQ(client.leave(), 0);
  ASSERT_TRUE(eventually_gone());
  EXPECT_FALSE(exists(place.socket()));
  EXPECT_FALSE(exists(place.state()));
  EXPECT_TRUE(eventually([&] { return ::kill(pid, 0) != 0; })) << "nor a zombie";
}

TEST_F(SessionLife, ClientsAreCountedHoweverTheyEnd) {
  ClientProcess first = start_client();
  ClientProcess second = start_client();
  ASSERT_GT(first.server().pid, 0);
  ASSERT_GT(second.server().pid, 0);
  EXPECT_EQ(info().clients, 2U);
  second.kill();
  EXPECT_EQ(info().clients, 1U);
  EXPECT_TRUE(info().running);
}

TEST_F(SessionLife, ALingeringServerIsUsedAgain) {
  environment_.set("PUMP_LINGER", "600");
  ClientProcess first = start_client();
  const pid_t pid = first.server().pid;
  EXPECT_EQ(first.leave(), 0);
  std::this_thread::sleep_for(600ms);
  EXPECT_TRUE(info().running);
  EXPECT_EQ(info().clients, 0U);
  ClientProcess second = start_client();
  const Server again = second.server();
  EXPECT_EQ(again.pid, pid);
  EXPECT_FALSE(again.started_here);
}

TEST_F(SessionLife, TheServerEndsAfterItsLinger) {
  environment_.set("PUMP_LINGER", "0.5");
  ClientProcess client = start_client();
  ASSERT_GT(client.server().pid, 0);
  EXPECT_EQ(client.leave(), 0);
  EXPECT_TRUE(info().running);
  EXPECT_TRUE(eventually_gone());
}

TEST_F(SessionLife, ServedRequestsAreCounted) {
  environment_.set("PUMP_LINGER", "600");
  ClientProcess rounds = start_client({"rounds", "1"});
  EXPECT_EQ(rounds.leave(), 0);
  EXPECT_TRUE(eventually([&] { return info().served == 1; }));
  EXPECT_GE(info().uptime_seconds, 0);
}

TEST_F(SessionLife, WorksWithClosedStandardDescriptorsAndFewOthers) {
  ClientProcess client = start_client({"no-descriptors"});
  EXPECT_EQ(client.leave(), 0);
}

TEST_F(SessionLife, WithFewDescriptorsAServerIsUsedButNotStarted) {
  ClientProcess alone = start_client({"few-descriptors"});
  EXPECT_EQ(alone.leave(), 1);
  EXPECT_FALSE(info().running);
  ClientProcess many = start_client();
  const pid_t pid = many.server().pid;
  ASSERT_GT(pid, 0) << "the failure does not affect other clients";
  ClientProcess few = start_client({"few-descriptors"});
  EXPECT_EQ(few.server().pid, pid);
}

TEST_F(SessionLife, TheServerInheritsNothingOfTheBuildThatStartedIt) {
  const int leak = ::open("/dev/null", O_RDONLY);  // on purpose without O_CLOEXEC
  environment_.set("FAKE_REPORT", scratch_ + "/report");
  environment_.set("MAKEFLAGS", "-j --jobserver-auth=3,4");
  environment_.set("DISTCC_HOSTS", "a b");
  environment_.set("DISTCC_CLIENT_TMP", scratch_);
  environment_.set("INCLUDE_SERVER_ARGS", "-x '' 'a b'");
  environment_.set("CPATH", "/usr/local/include");
  ClientProcess client = start_client();
  ASSERT_GT(client.server().pid, 0);
  ::close(leak);
  const std::string report = os::read_file(scratch_ + "/report").value();
  EXPECT_THAT(report, HasSubstr("fd 0 /dev/null\n"));
  EXPECT_THAT(report, HasSubstr("fd 1 /dev/null\n"));
  EXPECT_THAT(report, HasSubstr("fd 2 " + directory().log() + "\n"));
  EXPECT_THAT(report, HasSubstr("fd 3 pipe:"));
  EXPECT_THAT(report, Not(HasSubstr("fd 4 ")));
  std::size_t descriptors = 0;
  for (std::size_t at = 0; (at = report.find("fd ", at)) != std::string::npos; ++at) ++descriptors;
  EXPECT_GE(descriptors, 4U);
  EXPECT_THAT(report, HasSubstr("cwd /\n"));
  EXPECT_THAT(report, HasSubstr("leader true\n"));
  EXPECT_THAT(report, HasSubstr("arg --\narg -x\narg \narg a b\n"));
  EXPECT_THAT(report, HasSubstr("env DISTCC_CLIENT_TMP=" + scratch_ + "\n"));
  for (const char* name : {"MAKEFLAGS", "DISTCC_HOSTS", "CPATH", "INCLUDE_SERVER_ARGS"})
    EXPECT_THAT(report, Not(HasSubstr(std::string("env ") + name + "=")));
  EXPECT_THAT(report, HasSubstr("SigBlk:\t0000000000000000"));
  EXPECT_THAT(report, HasSubstr("SigIgn:\t0000000000000000"));
}

TEST_F(SessionLife, APinKeepsTheServerUntilItIsRemoved) {
  std::string pin;
  {
    const Client client = Client::join(directory()).value();
    ASSERT_TRUE(ensure_server(client, settings()));
    pin = add_pin(client).value();
  }
  std::this_thread::sleep_for(700ms);
  EXPECT_TRUE(info().running);
  EXPECT_EQ(info().clients, 0U);
  EXPECT_EQ(info().pins, 1U);
  EXPECT_EQ(retire_if_idle(directory(), 60s).error().code, EBUSY);
  EXPECT_TRUE(remove_pin(directory().path(), pin).value());
  EXPECT_FALSE(remove_pin(directory().path(), pin).value()) << "a second --shutdown";
  EXPECT_TRUE(eventually_gone());
}

TEST_F(SessionLife, PinsAreNamesNotPaths) {
  EXPECT_EQ(remove_pin(directory().path(), "../clients.lock").error().code, EINVAL);
  EXPECT_EQ(remove_pin(directory().path(), "pin-/../../x").error().code, EINVAL);
  EXPECT_EQ(remove_pin(directory().path(), "").error().code, EINVAL);
}

TEST_F(SessionLife, PinsOfEndedLoginsAndBootsDoNotCount) {
  const Client client = Client::join(directory()).value();
  const std::string pin = directory().pins() + "/" + add_pin(client).value();
  const std::string ours = os::read_file(pin).value();
  EXPECT_EQ(prune_pins(directory(), 24h), 1U) << "this login has not ended";

  // The same pid with another start time: the pid was reused.
  std::string ended = ours;
  ended.insert(ended.size() - 1, "9");
  ASSERT_TRUE(os::write_file_atomically(pin, ended));
  EXPECT_EQ(prune_pins(directory(), kPinOutlivesLogin - 1s), 1U) << "the login of a CI step ends early";
  EXPECT_EQ(prune_pins(directory(), kPinOutlivesLogin), 0U);
  EXPECT_FALSE(exists(pin));

  ASSERT_TRUE(os::write_file_atomically(pin, "another boot\n" + ours.substr(ours.find('\n') + 1)));
  EXPECT_EQ(prune_pins(directory(), 0s), 0U);
  EXPECT_FALSE(exists(pin));
}

TEST_F(SessionLife, AnIdleServerRetiresOnRequest) {
  environment_.set("PUMP_LINGER", "600");
  ClientProcess client = start_client();
  ASSERT_GT(client.server().pid, 0);
  const auto refused = retire_if_idle(directory(), 60s);
  ASSERT_FALSE(refused) << "there is a client";
  EXPECT_EQ(refused.error().code, EBUSY);
  EXPECT_EQ(client.leave(), 0);
  EXPECT_TRUE(info().running);
  EXPECT_TRUE(retire_if_idle(directory(), 60s));
  EXPECT_FALSE(info().running);
  EXPECT_TRUE(retire_if_idle(directory(), 0s)) << "there is no server";
}

TEST_F(SessionLife, OtherSettingsHaveAnotherServer) {
  ClientProcess first = start_client();
  const pid_t pid = first.server().pid;
  const Directory one = directory();
  environment_.set("PUMP_SESSION", "second");
  ClientProcess second = start_client();
  EXPECT_NE(second.server().pid, pid);
  EXPECT_NE(one.path(), directory().path());
  first.leave();
  EXPECT_TRUE(eventually([&] { return !inspect(one).value().running; }));
}

TEST_F(SessionLife, TheLogIsBounded) {
  environment_.set("PUMP_LINGER", "600");
  ClientProcess client = start_client();
  ASSERT_GT(client.server().pid, 0);
  const os::UniqueFd log(::open(directory().log().c_str(), O_WRONLY | O_APPEND | O_CLOEXEC));
  ASSERT_TRUE(os::write_all(log.get(), std::string(3 << 20, 'x') + "the end\n"));
  EXPECT_TRUE(eventually([&] { return std::filesystem::file_size(directory().log()) < (1 << 20); }));
  EXPECT_THAT(os::read_file(directory().log() + ".old").value(), HasSubstr("the end\n"));
}

TEST(ServerEnvironment, DropsVariablesOfOneBuild) {
  const os::Environment environment = server_environment(os::Environment::from_strings(
      {"PATH=/bin", "MAKELEVEL=2", "DISTCC_DIR=/x", "INCLUDE_SERVER_PORT=/y/socket", "HOME=/h", "PWD=/w"}));
  EXPECT_THAT(environment.strings(), testing::ElementsAre("PATH=/bin", "HOME=/h", "PWD=/"));
}

}  // namespace
}  // namespace pump::session
