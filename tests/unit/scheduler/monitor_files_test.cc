#include "pump/scheduler/monitor_files.h"

#include <unistd.h>

#include <cstring>

#include "tests/unit/scheduler/scratch.h"

namespace pump::scheduler {
namespace {

class MonitorFileTest : public ScratchTest {
 protected:
  [[nodiscard]] std::string path() const { return distcc_ + "/state/binstate_4711"; }
  [[nodiscard]] int phase() const {
    const std::string content = os::read_file(path()).value_or("");
    int value = -1;
    if (content.size() == 296) std::memcpy(&value, content.data() + 284, sizeof value);
    return value;
  }
  const MonitorFile::Task task_{.pid = 4711, .source = "src/a.cc", .host = "build", .slot = 3};
};

// The offsets are those of a file that distcc 3.4 wrote on x86-64.
TEST_F(MonitorFileTest, HasTheFormatOfDistcc) {
  if (sizeof(void*) != 8) GTEST_SKIP() << "the offsets are of a 64-bit machine";
  const MonitorFile file(distcc_, task_);
  const std::string content = os::read_file(path()).value_or("");
  ASSERT_EQ(content.size(), 296U);
  EXPECT_EQ(content.substr(0, 16), std::string("\x28\x01\0\0\0\0\0\0\0HID\0\0\0\0", 16));
  EXPECT_STREQ(content.c_str() + 24, "a.cc");
  EXPECT_STREQ(content.c_str() + 152, "build");
  EXPECT_EQ(content[280], 3);
  EXPECT_EQ(phase(), 2);
}

TEST_F(MonitorFileTest, ShowsThePhase) {
  MonitorFile file(distcc_, task_);
  file.set_phase(MonitorPhase::Compile);
  EXPECT_EQ(phase(), 5);
}

TEST_F(MonitorFileTest, IsRemovedAtTheEnd) {
  MonitorFile file(distcc_, task_);
  EXPECT_TRUE(exists(path()));
  MonitorFile moved = std::move(file);
  EXPECT_TRUE(exists(path()));
  moved = {};
  EXPECT_FALSE(exists(path()));
}

TEST_F(MonitorFileTest, LongNamesAreCut) {
  const std::string name(500, 'x');
  const MonitorFile file(distcc_, {.pid = 4711, .source = name, .host = name, .slot = 0});
  const std::string content = os::read_file(path()).value_or("");
  ASSERT_EQ(content.size(), 296U);
  EXPECT_EQ(std::strlen(content.c_str() + 24), 127U);
}

TEST_F(MonitorFileTest, WithoutADistccDirectoryNothingIsMade) {
  MonitorFile file(scratch_ + "/home/.distcc", task_);
  file.set_phase(MonitorPhase::Compile);
  EXPECT_FALSE(exists(scratch_ + "/home"));
}

}  // namespace
}  // namespace pump::scheduler
