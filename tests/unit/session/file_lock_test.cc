#include "pump/session/file_lock.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <unistd.h>

#include "pump/os/file_io.h"
#include "tests/unit/session/fixture.h"

namespace pump::session {
namespace {

using namespace std::chrono_literals;

class FileLockTest : public SessionTest {
 protected:
  [[nodiscard]] std::string file() const { return directory().clients_lock(); }
};

TEST_F(FileLockTest, SharedLocksOfOtherProcessesKeepTheExclusiveOneOut) {
  ClientProcess client = start_client();
  ASSERT_GT(client.server().pid, 0);
  const auto lock = FileLock::open(file()).value();
  EXPECT_FALSE(lock->try_lock(LockMode::kExclusive).value());
  EXPECT_TRUE(lock->try_lock(LockMode::kShared).value());
  ASSERT_TRUE(lock->unlock());
  EXPECT_EQ(lock->lock(LockMode::kExclusive, 20ms).error().code, ETIMEDOUT);
  const auto holder = lock->observe().value();
  ASSERT_TRUE(holder);
  EXPECT_EQ(holder->mode, LockMode::kShared);
  EXPECT_EQ(holder->pid, client.pid());
  client.kill();
  EXPECT_TRUE(lock->try_lock(LockMode::kExclusive).value()) << "the kernel frees it, kill -9 included";
  EXPECT_FALSE(lock->observe().value().has_value()) << "our own does not count";
}

TEST_F(FileLockTest, TheSecondOneInAProcessIsAnErrorAndTheFirstStays) {
  auto lock = FileLock::open(file()).value();
  ASSERT_TRUE(lock->try_lock(LockMode::kShared).value());
  EXPECT_EQ(FileLock::open(file()).error().code, EBUSY);
  EXPECT_EQ(snapshot().clients, 1U);
  lock.reset();
  EXPECT_EQ(snapshot().clients, 0U);
  EXPECT_TRUE(FileLock::open(file()));
}

TEST_F(FileLockTest, BothDescriptorsAreClosedByExec) {
  const auto lock = FileLock::open(file()).value();
  int count = 0;
  for (int fd = 0; fd < 64; ++fd) {
    if (os::read_link("/proc/self/fd/" + std::to_string(fd)).value_or("") != file()) continue;
    ++count;
    EXPECT_GT(fd, 2);
    EXPECT_EQ(::fcntl(fd, F_GETFD), FD_CLOEXEC);
  }
  EXPECT_EQ(count, 2);
}

TEST_F(FileLockTest, NoticesThatItsFileWasReplaced) {
  const auto lock = FileLock::open(file()).value();
  EXPECT_TRUE(lock->is_still_at_its_path());
  ASSERT_EQ(::unlink(file().c_str()), 0);
  EXPECT_FALSE(lock->is_still_at_its_path());
  ASSERT_TRUE(os::write_file_atomically(file(), ""));
  EXPECT_FALSE(lock->is_still_at_its_path());
}

TEST_F(FileLockTest, RefusesWhatIsNoLockFile) {
  const std::string link = scratch_ + "/link";
  ASSERT_EQ(::symlink(file().c_str(), link.c_str()), 0);
  EXPECT_EQ(FileLock::open(link).error().code, ELOOP);
  EXPECT_EQ(FileLock::open(scratch_).error().code, EISDIR);
  EXPECT_EQ(FileLock::open(scratch_ + "/no/such").error().code, ENOENT);
}

TEST_F(FileLockTest, AFileSystemWithoutLocksIsAnErrorWithItsNumber) {
  ClientProcess client = start_client({"nolocks"});
  const int code = client.leave();
  if (code == 77) GTEST_SKIP() << "no seccomp filters here";
  EXPECT_EQ(code, 0);
}

TEST_F(FileLockTest, SurvivesExecveWhereAskedTo) {
  ClientProcess client = start_client({"exec"});
  EXPECT_TRUE(eventually([&] {
    return os::read_link("/proc/" + std::to_string(client.pid()) + "/exe").value_or("").ends_with("/cat") ||
           os::read_file("/proc/" + std::to_string(client.pid()) + "/comm").value_or("") == "cat\n";
  }));
  EXPECT_EQ(snapshot().clients, 1U);
  EXPECT_EQ(client.leave(), 0);
  EXPECT_EQ(snapshot().clients, 0U);
}

}  // namespace
}  // namespace pump::session
