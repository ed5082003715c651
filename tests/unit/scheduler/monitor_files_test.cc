#include "pump/scheduler/monitor_files.h"

#include <unistd.h>

#include <csignal>
#include <cstring>

#include "tests/unit/scheduler/scratch.h"

namespace pump::scheduler {
namespace {

class MonitorFileTest : public ScratchTest {
 protected:
  [[nodiscard]] std::string path() const { return distcc_ + "/state/binstate_tcp_build_3632_3"; }
  void show(const MonitorFile::Task& task) { file_.show(distcc_, "tcp_build_3632_3", task); }
  [[nodiscard]] int phase() const {
    const std::string content = os::read_file(path()).value_or("");
    int value = -1;
    if (content.size() == 296) std::memcpy(&value, content.data() + 284, sizeof value);
    return value;
  }
  [[nodiscard]] unsigned long pid() const {
    const std::string content = os::read_file(path()).value_or("");
    unsigned long value = 0;
    if (content.size() == 296) std::memcpy(&value, content.data() + 16, sizeof value);
    return value;
  }
  const MonitorFile::Task task_{.pid = 4711, .source = "src/a.cc", .host = "build", .slot = 3};
  MonitorFile file_;
};

// The offsets are those of a file that distcc 3.4 wrote on x86-64.
TEST_F(MonitorFileTest, HasTheFormatOfDistcc) {
  if (sizeof(void*) != 8) GTEST_SKIP() << "the offsets are of a 64-bit machine";
  show(task_);
  const std::string content = os::read_file(path()).value_or("");
  ASSERT_EQ(content.size(), 296U);
  EXPECT_EQ(content.substr(0, 16), std::string("\x28\x01\0\0\0\0\0\0\0HID\0\0\0\0", 16));
  EXPECT_EQ(pid(), 4711U);
  EXPECT_STREQ(content.c_str() + 24, "a.cc");
  EXPECT_STREQ(content.c_str() + 152, "build");
  EXPECT_EQ(content[280], 3);
  EXPECT_EQ(phase(), 2);
}

TEST_F(MonitorFileTest, ShowsThePhase) {
  show(task_);
  file_.set_phase(MonitorPhase::Compile);
  EXPECT_EQ(phase(), 5);
}

TEST_F(MonitorFileTest, AHiddenUnitIsOfNoProcess) {
  show(task_);
  file_.hide();
  ASSERT_GT(pid(), 0U);
  EXPECT_EQ(::kill(static_cast<pid_t>(pid()), 0), -1);
  EXPECT_EQ(errno, ESRCH);
  file_.set_phase(MonitorPhase::Compile);
  EXPECT_EQ(phase(), 2) << "there is no unit";
}

TEST_F(MonitorFileTest, TheNextUnitIsShownInTheSameFile) {
  show({.pid = 4711, .source = "a_long_name.cc", .host = "a_long_name", .slot = 3});
  struct stat before {
  }, after{};
  ASSERT_EQ(::stat(path().c_str(), &before), 0);
  file_.hide();
  show(task_);
  ASSERT_EQ(::stat(path().c_str(), &after), 0);
  EXPECT_EQ(after.st_ino, before.st_ino);
  EXPECT_EQ(pid(), 4711U);
  EXPECT_STREQ(os::read_file(path())->c_str() + 24, "a.cc");
}

// The monitors remove files that are older than a minute.
TEST_F(MonitorFileTest, AFileThatWasRemovedIsMadeAgain) {
  show(task_);
  file_.hide();
  ASSERT_EQ(::unlink(path().c_str()), 0);
  show(task_);
  EXPECT_EQ(pid(), 4711U);
}

TEST_F(MonitorFileTest, IsRemovedAtTheEnd) {
  {
    MonitorFile file;
    file.show(distcc_, "tcp_build_3632_3", task_);
    EXPECT_TRUE(exists(path()));
  }
  EXPECT_FALSE(exists(path()));
}

TEST_F(MonitorFileTest, AFileThatHasTakenItsPlaceIsNotRemoved) {
  {
    MonitorFile file;
    file.show(distcc_, "tcp_build_3632_3", task_);
    ASSERT_TRUE(os::write_file_atomically(path(), "another"));
  }
  EXPECT_TRUE(exists(path()));
}

TEST_F(MonitorFileTest, LongNamesAreCut) {
  const std::string name(500, 'x');
  show({.pid = 4711, .source = name, .host = name, .slot = 0});
  const std::string content = os::read_file(path()).value_or("");
  ASSERT_EQ(content.size(), 296U);
  EXPECT_EQ(std::strlen(content.c_str() + 24), 127U);
}

TEST_F(MonitorFileTest, ALauncherOfAnotherPidNamespaceIsNotShown) {
  show({.pid = 0, .source = "a.cc", .host = "build", .slot = 0});
  EXPECT_FALSE(exists(distcc_ + "/state"));
}

TEST_F(MonitorFileTest, WithoutADistccDirectoryNothingIsMade) {
  file_.show(scratch_ + "/home/.distcc", "tcp_build_3632_3", task_);
  file_.set_phase(MonitorPhase::Compile);
  file_.hide();
  EXPECT_FALSE(exists(scratch_ + "/home"));
}

}  // namespace
}  // namespace pump::scheduler
