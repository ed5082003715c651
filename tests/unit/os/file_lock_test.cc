#include "pump/os/file_lock.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "pump/os/file_io.h"
#include "tests/unit/os/scratch.h"

namespace pump::os {
namespace {

class FileLockTest : public Scratch {
 protected:
  [[nodiscard]] std::string file() const { return path("lock"); }
};

TEST_F(FileLockTest, BothDescriptorsAreClosedByExec) {
  const auto lock = FileLock::open(file()).value();
  int count = 0;
  for (int fd = 0; fd < 64; ++fd) {
    if (read_link("/proc/self/fd/" + std::to_string(fd)).value_or("") != file()) continue;
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
  ASSERT_TRUE(write_file_atomically(file(), ""));
  EXPECT_FALSE(lock->is_still_at_its_path());
}

TEST_F(FileLockTest, RefusesFilesThatAreNotRegular) {
  const std::string link = directory_ + "/link";
  ASSERT_EQ(::symlink(file().c_str(), link.c_str()), 0);
  EXPECT_EQ(FileLock::open(link).error().code, ELOOP);
  EXPECT_EQ(FileLock::open(directory_).error().code, EISDIR);
  EXPECT_EQ(FileLock::open(directory_ + "/no/such").error().code, ENOENT);
}

}  // namespace
}  // namespace pump::os
