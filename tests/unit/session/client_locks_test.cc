#include "pump/os/file_lock.h"

#include <gmock/gmock.h>

#include "pump/os/file_io.h"
#include "tests/unit/session/fixture.h"

namespace pump::session {
namespace {

using namespace std::chrono_literals;

/// Locks of clients, which are separate processes.
class ClientLocksTest : public SessionTest {
 protected:
  [[nodiscard]] std::string file() const { return directory().clients_lock(); }
};

TEST_F(ClientLocksTest, SharedLocksOfOtherProcessesPreventAnExclusiveLock) {
  ClientProcess client = start_client();
  ASSERT_GT(client.server().pid, 0);
  const auto lock = os::FileLock::open(file()).value();
  EXPECT_FALSE(lock->try_lock(os::LockMode::kExclusive).value());
  EXPECT_TRUE(lock->try_lock(os::LockMode::kShared).value());
  ASSERT_TRUE(lock->unlock());
  EXPECT_EQ(lock->lock(os::LockMode::kExclusive, 20ms).error().code, ETIMEDOUT);
  const auto holder = lock->observe().value();
  ASSERT_TRUE(holder);
  EXPECT_EQ(holder->mode, os::LockMode::kShared);
  EXPECT_EQ(holder->pid, client.pid());
  client.kill();
  EXPECT_TRUE(lock->try_lock(os::LockMode::kExclusive).value()) << "the kernel frees it, also after kill -9";
  EXPECT_FALSE(lock->observe().value().has_value()) << "its own lock does not count";
}

TEST_F(ClientLocksTest, ASecondFileLockInAProcessIsAnErrorAndKeepsTheFirst) {
  auto lock = os::FileLock::open(file()).value();
  ASSERT_TRUE(lock->try_lock(os::LockMode::kShared).value());
  EXPECT_EQ(os::FileLock::open(file()).error().code, EBUSY);
  EXPECT_EQ(info().clients, 1U);
  lock.reset();
  EXPECT_EQ(info().clients, 0U);
  EXPECT_TRUE(os::FileLock::open(file()));
}

TEST_F(ClientLocksTest, AFileSystemWithoutLocksIsAnErrorWithErrno) {
  ClientProcess client = start_client({"no-locks"});
  const int code = client.leave();
  if (code == 77) GTEST_SKIP() << "seccomp filters are not available";
  EXPECT_EQ(code, 0);
}

TEST_F(ClientLocksTest, ALockSurvivesExecveAfterKeepAcrossExec) {
  ClientProcess client = start_client({"exec"});
  EXPECT_TRUE(eventually([&] {
    return os::read_link("/proc/" + std::to_string(client.pid()) + "/exe").value_or("").ends_with("/cat") ||
           os::read_file("/proc/" + std::to_string(client.pid()) + "/comm").value_or("") == "cat\n";
  }));
  EXPECT_EQ(info().clients, 1U);
  EXPECT_EQ(client.leave(), 0);
  EXPECT_EQ(info().clients, 0U);
}

}  // namespace
}  // namespace pump::session
