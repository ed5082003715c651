#include "pump/include_server/answer/current_mirror.h"

#include <gtest/gtest.h>

#include <filesystem>

namespace pump::include_server {
namespace {

namespace fs = std::filesystem;

class CurrentMirrorTest : public testing::Test {
 protected:
  CurrentMirrorTest() {
    std::string name = "/tmp/current-mirror-XXXXXX";
    base_ = ::mkdtemp(name.data());
  }
  ~CurrentMirrorTest() override { fs::remove_all(base_); }

  std::string base_;
  int replaced_ = 0;
};

TEST_F(CurrentMirrorTest, StaysWhileItIsIntact) {
  CurrentMirror mirror(base_, [this] { ++replaced_; });
  EXPECT_EQ(mirror.root(), "");
  const auto first = mirror.get();
  ASSERT_TRUE(first) << first.error().message;
  EXPECT_EQ(first->epoch, 1U);
  EXPECT_EQ(mirror.get()->mirror, first->mirror);
  EXPECT_EQ(mirror.root(), first->mirror->root());
  EXPECT_EQ(replaced_, 1);
}

TEST_F(CurrentMirrorTest, IsReplacedWhenItsRootIsRemoved) {
  CurrentMirror mirror(base_, [this] { ++replaced_; });
  const std::string root = mirror.get()->mirror->root();
  fs::remove_all(root);
  const auto second = mirror.get();
  ASSERT_TRUE(second) << second.error().message;
  EXPECT_EQ(second->epoch, 2U);
  EXPECT_NE(second->mirror->root(), root);
  EXPECT_EQ(replaced_, 2);
}

TEST_F(CurrentMirrorTest, FailsIfNoMirrorCanBeMade) {
  CurrentMirror mirror("/nonexistent-directory", [this] { ++replaced_; });
  const auto none = mirror.get();
  ASSERT_FALSE(none);
  const Reply reply = mirror.refuse(none.error());
  EXPECT_EQ(reply.give_up, GiveUp::MirrorFailed);
  EXPECT_EQ(*reply.encoded, "ARGC00000000");
  EXPECT_EQ(replaced_, 0);
}

}  // namespace
}  // namespace pump::include_server
