// Starts that are slow, that fail, or whose process is killed. Uses real processes and locks.
#include <gmock/gmock.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <set>

#include "pump/os/file_io.h"
#include "pump/session/session.h"
#include "pump/session/start_history.h"
#include "pump/session/state_file.h"
#include "tests/unit/session/fixture.h"

namespace pump::session {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

using SessionStart = SessionTest;

TEST_F(SessionStart, AKilledServerIsReplacedInSpiteOfItsFiles) {
  ClientProcess first = start_client();
  const pid_t killed = first.server().pid;
  ASSERT_EQ(::kill(killed, SIGKILL), 0);
  ASSERT_TRUE(eventually_gone());
  EXPECT_TRUE(exists(directory().socket())) << "stale, as kill -9 leaves it";
  ClientProcess second = start_client();
  const Server server = second.server();
  EXPECT_TRUE(server.started_here);
  EXPECT_NE(server.pid, killed);
  EXPECT_EQ(info().clients, 2U) << "the client of the first server is a client of the second";
}

TEST_F(SessionStart, AStateFileWithoutALockDoesNotCount) {
  ASSERT_TRUE(write_state(
      directory(), {.pid = ::getpid(), .started_ms = 1, .served = 7, .backend = "native", .socket = "x"}));
  ASSERT_TRUE(os::write_file_atomically(directory().socket(), ""));
  EXPECT_FALSE(info().running);
  ClientProcess client = start_client();
  EXPECT_TRUE(client.server().started_here);
  ASSERT_TRUE(
      os::write_file_atomically(directory().state(), "{\"served\": \"no number\", \"pid\": 1e99, junk"));
  EXPECT_TRUE(info().running);
  EXPECT_EQ(info().served, 0U);
}

TEST_F(SessionStart, TheServerOfAKilledStarterIsUsedByTheNextClient) {
  environment_.set("FAKE_DELAY", "500");
  ClientProcess starter = start_client();
  ASSERT_TRUE(eventually([&] { return info().running; }));
  ClientProcess waiting = start_client();
  starter.kill();
  const Server server = waiting.server();
  EXPECT_GT(server.pid, 0);
  EXPECT_FALSE(server.started_here) << "the first server became ready";
}

TEST_F(SessionStart, AFailedStartIsReportedAndNotRepeatedAtOnce) {
  environment_.set("FAKE_FAIL", "no compiler anywhere");
  const Client client = Client::join(directory()).value();
  ::setenv("FAKE_FAIL", "no compiler anywhere", 1);
  const auto first = ensure_server(client, settings());
  ::unsetenv("FAKE_FAIL");
  ASSERT_FALSE(first);
  EXPECT_THAT(first.error().message, HasSubstr("no compiler anywhere"));
  const auto second = ensure_server(client, settings());
  ASSERT_FALSE(second) << "it would succeed, but comes too early";
  EXPECT_EQ(second.error().code, EAGAIN);
  EXPECT_THAT(second.error().message, HasSubstr("no compiler anywhere"));
  std::optional<Server> third;
  EXPECT_TRUE(eventually([&] {
    if (const auto server = ensure_server(client, settings())) third = *server;
    return third.has_value();
  }));
}

TEST_F(SessionStart, ADeathBeforeReadyIsReportedWithTheLastLineOfTheLog) {
  const Client client = Client::join(directory()).value();
  ::setenv("FAKE_DIE", "1", 1);
  const auto server = ensure_server(client, settings());
  ::unsetenv("FAKE_DIE");
  ASSERT_FALSE(server);
  EXPECT_THAT(server.error().message, HasSubstr("the last line of the log"));
}

TEST_F(SessionStart, AServerThatIsKilledBeforeReadyIsStartedAgain) {
  const Client client = Client::join(directory()).value();
  const std::string once = directory().path() + "/die-once";
  ASSERT_TRUE(os::write_file_atomically(once, ""));
  ::setenv("FAKE_DIE", once.c_str(), 1);
  const auto server = ensure_server(client, settings());
  ::unsetenv("FAKE_DIE");
  ASSERT_TRUE(server) << server.error().message;
  EXPECT_TRUE(server->started_here);
}

TEST_F(SessionStart, ACrashLoopEnds) {
  const Client client = Client::join(directory()).value();
  std::size_t started = 0;
  for (std::size_t round = 0; round < kMostCrashes + 3; ++round) {
    const auto server = ensure_server(client, settings());
    if (!server) {
      EXPECT_EQ(server.error().code, EAGAIN);
      EXPECT_THAT(server.error().message, HasSubstr("died"));
      continue;
    }
    ++started;
    ASSERT_EQ(::kill(server->pid, SIGKILL), 0);
    ASSERT_TRUE(eventually_gone());
  }
  EXPECT_EQ(started, kMostCrashes);
}

TEST_F(SessionStart, FrequentRetirementIsNotACrashLoop) {
  for (std::size_t round = 0; round < kMostCrashes + 2; ++round) {
    ClientProcess client = start_client();
    EXPECT_TRUE(client.server().started_here);
    EXPECT_EQ(client.leave(), 0);
    ASSERT_TRUE(eventually_gone());
  }
}

TEST_F(SessionStart, AllClientsWaitForASlowStart) {
  environment_.set("FAKE_DELAY", "5000");
  std::vector<ClientProcess> clients;
  for (int i = 0; i < 8; ++i) clients.push_back(start_client());
  std::set<pid_t> pids;
  for (ClientProcess& client : clients) pids.insert(client.server().pid);
  EXPECT_EQ(pids.size(), 1U);
  EXPECT_GT(*pids.begin(), 0);
}

/// Kills the server while it is delayed at a point of its start. The next start must not be prevented by what
/// remains.
class KilledStart : public SessionTest, public testing::WithParamInterface<const char*> {};

TEST_P(KilledStart, AServerKilledBeforeItIsReadyIsReplaced) {
  environment_.set(GetParam(), "60000");
  ClientProcess starter = start_client();
  const bool after_bind = std::string_view(GetParam()) == "FAKE_DELAY_BOUND";
  pid_t killed = 0;
  for (int time = 0; time < 2; ++time) {  // the starter starts it again once
    ASSERT_TRUE(eventually([&] { return info().running && info().pid > 0 && info().pid != killed; }));
    if (after_bind) {
      ASSERT_TRUE(eventually([&] { return exists(directory().socket()); }));
    }
    killed = info().pid;
    ASSERT_EQ(::kill(killed, SIGKILL), 0);
  }
  EXPECT_EQ(starter.server().pid, 0) << "the starter gets an error";
  EXPECT_NE(starter.leave(), 0);
  EXPECT_EQ(exists(directory().socket()), after_bind);
  environment_.unset(GetParam());
  EXPECT_TRUE(eventually([&] {
    ClientProcess next = start_client();
    return next.server().pid > 0;
  })) << "after the failure has expired";
}
INSTANTIATE_TEST_SUITE_P(At, KilledStart, testing::Values("FAKE_DELAY", "FAKE_DELAY_BOUND"));

}  // namespace
}  // namespace pump::session
