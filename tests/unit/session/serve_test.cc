// What ends a server: its backend, signals, the loss of its files, and the departure of the last client while
// others arrive.
#include <gmock/gmock.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <random>

#include "pump/os/file_io.h"
#include "pump/session/session.h"
#include "tests/unit/session/fixture.h"

namespace pump::session {
namespace {

using SessionServe = SessionTest;

TEST_F(SessionServe, TheServerEndsWithItsBackend) {
  environment_.set("FAKE_DOOM", scratch_ + "/doom");
  ClientProcess client = start_client();
  ASSERT_GT(client.server().pid, 0);
  ASSERT_TRUE(os::write_file_atomically(scratch_ + "/doom", ""));
  ASSERT_TRUE(eventually_gone());
  EXPECT_TRUE(exists(directory().state())) << "it counts as a crash";
  EXPECT_FALSE(exists(directory().socket()));
}

TEST_F(SessionServe, ASignalStopsItAndRemovesItsFiles) {
  for (const int number : {SIGTERM, SIGINT, SIGHUP}) {
    ClientProcess client = start_client();
    ASSERT_EQ(::kill(client.server().pid, number), 0);
    ASSERT_TRUE(eventually_gone());
    EXPECT_FALSE(exists(directory().state()));
    EXPECT_FALSE(exists(directory().socket()));
  }
}

TEST_F(SessionServe, TheServerStopsWhenItsDirectoryIsDeleted) {
  ClientProcess client = start_client();
  const pid_t pid = client.server().pid;
  ASSERT_TRUE(os::remove_tree(scratch_ + "/run"));
  EXPECT_EQ(client.leave(), 0);
  EXPECT_TRUE(eventually([&] { return ::kill(pid, 0) != 0; }));
  ClientProcess next = start_client();
  const Server server = next.server();
  EXPECT_TRUE(server.started_here);
  EXPECT_TRUE(info().running);
}

TEST_F(SessionServe, AServerWithoutItsDirectoryKeepsTheFilesOfItsSuccessor) {
  ClientProcess client = start_client();
  const pid_t pid = client.server().pid;
  ASSERT_TRUE(os::remove_tree(scratch_ + "/run"));
  ClientProcess next = start_client();
  EXPECT_TRUE(next.server().started_here);
  ::kill(pid, SIGTERM);
  EXPECT_EQ(client.leave(), 0);
  EXPECT_TRUE(eventually([&] { return ::kill(pid, 0) != 0; }));
  EXPECT_TRUE(exists(directory().socket()));
  EXPECT_TRUE(exists(directory().state()));
  EXPECT_TRUE(info().running);
}

TEST_F(SessionServe, AServerWithoutItsSocketIsReplaced) {
  ClientProcess client = start_client();
  const pid_t pid = client.server().pid;
  ASSERT_EQ(::unlink(directory().socket().c_str()), 0);
  EXPECT_EQ(client.leave(), 0);
  EXPECT_TRUE(eventually([&] { return ::kill(pid, 0) != 0; }));
  ClientProcess next = start_client();
  EXPECT_TRUE(next.server().started_here);
}

/// Pauses `pid` at a random point, so that every step of joining, starting and retiring is delayed at some
/// time.
void pause_process(pid_t pid, std::minstd_rand& random) {
  if (pid <= 0 || ::kill(pid, SIGSTOP) != 0) return;
  ::usleep(static_cast<useconds_t>(random() % 6000));
  ::kill(pid, SIGCONT);
}

TEST_F(SessionServe, ClientsThatArriveDuringRetirementFindAServer) {
  constexpr std::size_t kProcesses = 4;
  const char* const requested = std::getenv("PUMP_FUZZ_ROUNDS");
  const std::size_t rounds = requested != nullptr ? std::stoul(requested) : 500;
  const std::string share = std::to_string((rounds + kProcesses - 1) / kProcesses);
  std::vector<ClientProcess> clients;
  for (std::size_t i = 0; i < kProcesses; ++i) clients.push_back(start_client({"rounds", share}));
  std::minstd_rand random(static_cast<unsigned>(::getpid()));
  while (std::any_of(clients.begin(), clients.end(), [](const ClientProcess& c) { return c.running(); })) {
    const std::size_t target = random() % (2 * kProcesses);
    if (target >= kProcesses)
      pause_process(info().pid, random);
    else if (clients[target].running())
      pause_process(clients[target].pid(), random);
    ::usleep(static_cast<useconds_t>(random() % 3000));
  }
  for (ClientProcess& client : clients) EXPECT_EQ(client.leave(), 0);
  EXPECT_TRUE(eventually_gone());
  const std::string log = os::read_file(directory().log()).value_or("");
  std::size_t retired = 0;
  for (std::size_t at = 0; (at = log.find("retired", at)) != std::string::npos; ++at) ++retired;
  if (requested != nullptr) std::printf("%zu retirements in the log\n", retired);
  EXPECT_GT(retired, 1U) << "no client arrived during a retirement";
  RecordProperty("retirements", std::to_string(retired));
}

}  // namespace
}  // namespace pump::session
