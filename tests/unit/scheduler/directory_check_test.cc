#include "pump/scheduler/directory_check.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include <future>
#include <memory>
#include <vector>

#include "tests/unit/scheduler/scratch.h"

namespace pump::scheduler {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class DirectoryCheckTest : public ScratchTest {
 protected:
  std::vector<std::string> log_;
  const std::function<void(const std::string&)> note_ = [this](const std::string& line) {
    log_.push_back(line);
  };
};

TEST_F(DirectoryCheckTest, ADirectoryAnswersWhetherItExistsOrNot) {
  DirectoryCheck check(note_, DirectoryCheck::open_it, std::chrono::hours(1));
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(check.answers(scratch_));
    EXPECT_TRUE(check.answers(scratch_ + "/missing"));
    EXPECT_TRUE(check.answers(""));
  }
  EXPECT_THAT(log_, IsEmpty());
}

TEST_F(DirectoryCheckTest, OneThatAnswersLateIsUsedFromThenOn) {
  auto dead = std::make_shared<std::promise<void>>();
  DirectoryCheck check(
      note_, [dead](const std::string&) { dead->get_future().wait(); }, std::chrono::milliseconds(1));
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(check.answers(scratch_));
  EXPECT_THAT(log_, ElementsAre(HasSubstr(scratch_ + " does not answer")));
  dead->set_value();
  while (!check.answers(scratch_)) ::usleep(1000);
  EXPECT_EQ(log_.size(), 1U);
}

}  // namespace
}  // namespace pump::scheduler
