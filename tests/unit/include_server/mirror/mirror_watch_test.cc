#include "pump/include_server/mirror/mirror_watch.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace pump::include_server {
namespace {

class MirrorWatchTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = testing::TempDir() + "/mirror-watch.XXXXXX";
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    directory_ = name;
    watch_.add(directory_);
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }
  [[nodiscard]] std::string make(const std::string& name) const {
    std::string path = directory_ + "/" + name;
    std::ofstream(path) << "x";
    return path;
  }
  std::string directory_;
  MirrorWatch watch_;
};

TEST_F(MirrorWatchTest, ARemovalByAnotherIsALoss) {
  ::unlink(make("a").c_str());
  EXPECT_TRUE(watch_.lost_something());
  EXPECT_FALSE(watch_.lost_something());
}

// As on a full disk, where the same files are written in vain again and again.
TEST_F(MirrorWatchTest, OwnRemovalsAreNoLossHoweverOften) {
  for (const char* const name : {"a", "b", "a", "a", "b", "a"}) watch_.remove_own(make(name));
  EXPECT_FALSE(watch_.lost_something());
  ::unlink(make("a").c_str());
  EXPECT_TRUE(watch_.lost_something());
}

TEST_F(MirrorWatchTest, TemporaryNamesMayGo) {
  ::unlink(make(std::string(MirrorWatch::kTemporary) + "1").c_str());
  EXPECT_FALSE(watch_.lost_something());
}

}  // namespace
}  // namespace pump::include_server
