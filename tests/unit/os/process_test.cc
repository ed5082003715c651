#include "pump/os/process.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <thread>

#include "pump/os/shell_quote.h"
#include "tests/unit/os/scratch.h"

namespace pump::os {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

SpawnOptions shell(const std::string& script) {
  SpawnOptions options;
  options.program = "/bin/sh";
  options.argv = {"sh", "-c", script};
  return options;
}

std::string output_of(const SpawnOptions& options) {
  const auto result = run(options, 60s);
  EXPECT_TRUE(result) << result.error().message;
  return result ? result->out : std::string();
}

using Process = Scratch;

TEST(Spawn, ReportsExitCodesAndSignals) {
  auto child = spawn(shell("exit 7"));
  ASSERT_TRUE(child);
  const ExitStatus code = child->wait().value();
  EXPECT_EQ(code.code, 7);
  EXPECT_EQ(code.shell_code(), 7);
  EXPECT_FALSE(code.success());

  auto killed = spawn(shell("kill -TERM $$"));
  ASSERT_TRUE(killed);
  const ExitStatus signal = killed->wait().value();
  EXPECT_EQ(signal.signal, SIGTERM);
  EXPECT_EQ(signal.shell_code(), 128 + SIGTERM);
}

TEST_F(Process, AProgramThatCannotRunIsAnErrorAndLeavesNoZombie) {
  SpawnOptions options;
  options.argv = {"x"};
  options.program = path("missing");
  const auto missing = spawn(options);
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ENOENT);
  EXPECT_THAT(missing.error().message, HasSubstr(path("missing")));

  ASSERT_TRUE(write_file_atomically(path("text"), "x"));
  options.program = path("text");
  EXPECT_EQ(spawn(options).error().code, EACCES);
  EXPECT_EQ(spawn_orphan(options).error().code, EACCES);

  options = shell("true");
  options.directory = path("nowhere");
  const auto nowhere = spawn(options);
  ASSERT_FALSE(nowhere);
  EXPECT_EQ(nowhere.error().code, ENOENT);
  EXPECT_THAT(nowhere.error().message, HasSubstr(path("nowhere")));

  EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1) << "a child was left behind";
  EXPECT_EQ(errno, ECHILD);
}

TEST_F(Process, TheChildHasItsEnvironmentAndDirectory) {
  SpawnOptions options = shell("echo \"$A,$HOME\"; pwd");
  options.environment = Environment::from_strings({"A=one two"});
  options.directory = directory_;
  EXPECT_EQ(output_of(options), "one two,\n" + directory_ + "\n");
}

TEST(Spawn, DescriptorsMayBePermuted) {
  std::array<int, 2> a{};
  std::array<int, 2> b{};
  ASSERT_EQ(::pipe2(a.data(), O_CLOEXEC), 0);
  ASSERT_EQ(::pipe2(b.data(), O_CLOEXEC), 0);
  SpawnOptions options = shell("");
  const std::string to_a = std::to_string(b[1]);  // swapped: the number of one, the pipe of the other
  const std::string to_b = std::to_string(a[1]);
  options.program = "/bin/bash";  // dash reads one-digit descriptors only
  options.argv = {"bash", "-c", "echo for-a >&" + to_a + "; echo for-b >&" + to_b};
  options.descriptors = {{a[1], b[1]}, {b[1], a[1]}};
  auto child = spawn(options);
  ASSERT_TRUE(child) << child.error().message;
  EXPECT_TRUE(child->wait().value().success());
  std::array<char, 16> text{};
  EXPECT_EQ(::read(a[0], text.data(), text.size()), 6);
  EXPECT_STREQ(text.data(), "for-a\n");
  EXPECT_EQ(::read(b[0], text.data(), text.size()), 6);
  EXPECT_STREQ(text.data(), "for-b\n");
  for (const int fd : {a[0], a[1], b[0], b[1]}) ::close(fd);
}

TEST(Spawn, OtherDescriptorsAreClosedOnRequestOnly) {
  const int leak = ::open("/dev/null", O_RDONLY);  // on purpose without O_CLOEXEC
  ASSERT_GT(leak, 2);
  SpawnOptions options = shell("ls -l /proc/$$/fd");
  EXPECT_THAT(output_of(options), HasSubstr(" " + std::to_string(leak) + " -> /dev/null"));
  options.close_others = true;
  options.descriptors = {{leak, 9}};
  const std::string listing = output_of(options);
  EXPECT_THAT(listing, HasSubstr(" 9 -> /dev/null"));
  EXPECT_THAT(listing, Not(HasSubstr(" " + std::to_string(leak) + " -> ")));
  EXPECT_EQ(std::count(listing.begin(), listing.end(), '>'), 4) << "0, 1, 2 and 9, nothing else:\n"
                                                                << listing;
  ::close(leak);
}

TEST(Spawn, SignalsAreResetOnRequestOnly) {
  ::signal(SIGUSR1, SIG_IGN);
  sigset_t blocked;
  sigset_t before;
  ::sigemptyset(&blocked);
  ::sigaddset(&blocked, SIGUSR2);
  ::pthread_sigmask(SIG_BLOCK, &blocked, &before);
  SpawnOptions options;  // no shell: dash clears its mask
  options.program = find_program("grep", "/usr/bin:/bin").value();
  options.argv = {"grep", "-E", "SigBlk|SigIgn", "/proc/self/status"};
  const std::string clean = output_of(options);
  options.reset_signals = false;
  const std::string inherited = output_of(options);
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  ::signal(SIGUSR1, SIG_DFL);
  EXPECT_THAT(clean, HasSubstr("SigBlk:\t0000000000000000"));
  EXPECT_THAT(clean, HasSubstr("SigIgn:\t0000000000000000"));
  EXPECT_THAT(inherited, HasSubstr("SigBlk:\t0000000000000800"));
  EXPECT_THAT(inherited, HasSubstr("SigIgn:\t0000000000000200"));
}

TEST(Spawn, ANewSessionIsIndependentOfTheParents) {
  SpawnOptions options = shell("exec sleep 100");
  options.new_session = true;
  auto child = spawn(options);
  ASSERT_TRUE(child);
  EXPECT_EQ(::getsid(child->pid()), child->pid());
  (void)child->signal(SIGKILL);
  (void)child->wait();
}

TEST(Spawn, HandlersOfTheParentDoNotRunInTheChild) {
  static volatile std::sig_atomic_t calls = 0;
  ::signal(SIGUSR1, [](int) { calls = calls + 1; });
  for (int i = 0; i < 50; ++i) {
    SpawnOptions options = shell("exit 0");
    options.reset_signals = i % 2 == 0;
    auto child = spawn(options);
    ASSERT_TRUE(child);
    ASSERT_TRUE(child->wait());
  }
  ::raise(SIGUSR1);
  EXPECT_EQ(calls, 1) << "the parent's own handler still stands";
  ::signal(SIGUSR1, SIG_DFL);
}

TEST(Child, WaitForTimesOutAndKeepsTheChild) {
  auto child = spawn(shell("exec sleep 100"));
  ASSERT_TRUE(child);
  EXPECT_EQ(child->wait_for(30ms).value(), std::nullopt);
  ASSERT_TRUE(child->signal(SIGKILL));
  const auto status = child->wait_for(60s).value();
  ASSERT_TRUE(status);
  EXPECT_EQ(status->signal, SIGKILL);
  EXPECT_EQ(child->signal(SIGTERM).error().code, ESRCH) << "never a signal to everybody";
  EXPECT_EQ(child->wait().error().code, ECHILD);
}

TEST(Spawn, AChildDiesWithItsParent) {
  // The end of the thread that started the child counts as the parent's death.
  pid_t pid = 0;
  std::thread parent([&pid] {
    SpawnOptions options = shell("exec sleep 100");
    options.die_with_parent = true;
    const auto child = spawn(options);
    pid = child ? child->pid() : 0;
  });
  parent.join();
  ASSERT_GT(pid, 0);
  const ExitStatus status = Child(pid).wait().value();
  EXPECT_EQ(status.signal, SIGTERM);
}

TEST_F(Process, AnOrphanIsNotAChildOfThisProcess) {
  SpawnOptions options = shell("echo $PPID > " + shell_quote(path("parent")) + "; echo $$ > " +
                               shell_quote(path("me")) + "; : > " + shell_quote(path("done")));
  options.new_session = true;
  const auto pid = spawn_orphan(options);
  ASSERT_TRUE(pid) << pid.error().message;
  EXPECT_EQ(::waitpid(*pid, nullptr, WNOHANG), -1);
  EXPECT_EQ(errno, ECHILD);
  for (int i = 0; i < 6000 && ::access(path("done").c_str(), F_OK) != 0; ++i)
    std::this_thread::sleep_for(10ms);
  EXPECT_EQ(read_file(path("me")).value(), std::to_string(*pid) + "\n");
  EXPECT_NE(read_file(path("parent")).value(), std::to_string(::getpid()) + "\n");
}

TEST(Run, CollectsBothOutputsAndGivesNoInput) {
  const auto result = run(shell("cat; echo out; echo err >&2; exit 3"), 60s);
  ASSERT_TRUE(result);
  EXPECT_EQ(result->out, "out\n");
  EXPECT_EQ(result->err, "err\n");
  EXPECT_EQ(result->status.code, 3);
}

TEST(Run, MoreThanAPipeHoldsDoesNotBlockAndTheLimitCuts) {
  const auto result = run(shell("head -c 3000000 /dev/zero; head -c 3000000 /dev/zero >&2"), 60s, 300'000);
  ASSERT_TRUE(result);
  EXPECT_TRUE(result->status.success());
  EXPECT_EQ(result->out.size(), 300'000U);
  EXPECT_EQ(result->err.size(), 300'000U);
}

TEST(Run, EndsWithTheProgramThoughADaemonKeepsThePipes) {
  const auto result = run(shell("sleep 30 & echo started $!"), 20s);
  ASSERT_TRUE(result) << result.error().message;
  ASSERT_THAT(result->out, HasSubstr("started "));
  ::kill(std::stoi(result->out.substr(8)), SIGKILL);
}

TEST(Run, KillsTheProgramAfterItsTime) {
  SpawnOptions options = shell("sleep 100 & sleep 100; :");
  options.new_session = true;
  const auto result = run(options, 50ms);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ETIMEDOUT);
  EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1);
}

TEST(Run, AProgramThatClosesItsOutputsIsStillWaitedFor) {
  const auto result = run(shell("exec >&- 2>&-; sleep 0.1; exit 4"), 60s);
  ASSERT_TRUE(result);
  EXPECT_EQ(result->status.code, 4);
}

TEST(Run, ManyThreadsAtOnce) {
  std::vector<std::thread> threads;
  std::atomic<int> right{0};
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&right, i] {
      for (int round = 0; round < 10; ++round) {
        const auto result = run(shell("echo " + std::to_string(i)), 60s);
        if (result && result->out == std::to_string(i) + "\n") ++right;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(right, 80);
}

TEST(Spawn, WorksWithClosedStandardDescriptorsAndFewOthers) {
  // This test program runs again, with one hidden test.
  SpawnOptions options = shell(
      "exec 0<&- 1>&- 2>&-; ulimit -n 16; exec \"$0\" --gtest_also_run_disabled_tests "
      "--gtest_filter=Spawn.DISABLED_FromBareSurroundings");
  options.argv.push_back(self_executable().value());
  auto child = spawn(options);
  ASSERT_TRUE(child);
  EXPECT_EQ(child->wait().value().shell_code(), 0);
}

TEST(Spawn, DISABLED_FromBareSurroundings) {
  ASSERT_EQ(::fcntl(0, F_GETFD), -1);
  ASSERT_EQ(::fcntl(1, F_GETFD), -1);
  const auto result = run(shell("echo out; echo err >&2"), 60s);
  ASSERT_TRUE(result);
  EXPECT_EQ(result->out, "out\n");
  EXPECT_EQ(result->err, "err\n");
  SpawnOptions options = shell("exit 0");
  options.close_others = true;
  EXPECT_TRUE(spawn_orphan(options));
  EXPECT_EQ(::fcntl(0, F_GETFD), -1) << "nothing of ours stays behind";
  EXPECT_EQ(::fcntl(1, F_GETFD), -1);
}

}  // namespace
}  // namespace pump::os
