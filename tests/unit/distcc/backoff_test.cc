#include "pump/distcc/backoff.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace pump::distcc {
namespace {

class Lifting : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "pump-backoff.XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    scratch = name;
  }
  void TearDown() override { std::filesystem::remove_all(scratch); }
  std::string scratch;
};

TEST(Backoff, FilesAreThoseOfDistcc) {
  const auto environment = os::Environment::from_strings({"DISTCC_DIR=/d", "HOME=/h"});
  EXPECT_EQ(backoff_file(environment, "127.0.0.1:24368/4,cpp,lzo"), "/d/lock/backoff_tcp_127.0.0.1_24368_0");
  EXPECT_EQ(backoff_file(environment, "host,cpp,lzo"), "/d/lock/backoff_tcp_host_3632_0");
  EXPECT_EQ(backoff_file(os::Environment::from_strings({"HOME=/h"}), "host"),
            "/h/.distcc/lock/backoff_tcp_host_3632_0");
  EXPECT_EQ(backoff_file(environment, "host/4:99,lzo,cpp#x"), "/d/lock/backoff_tcp_host_99_0");
  EXPECT_EQ(backoff_file(environment, "me@host"), "");
  EXPECT_EQ(backoff_file(environment, "[::1]:99,cpp,lzo"), "");
  EXPECT_EQ(backoff_file(environment, ""), "");
}

TEST_F(Lifting, AMarkIsRemovedAFewTimesOnly) {
  const auto environment = os::Environment::from_strings({"DISTCC_DIR=" + scratch});
  std::filesystem::create_directory(scratch + "/lock");
  const std::string mark = backoff_file(environment, "host");
  int lifted = 0;
  for (int i = 0; i < 20; ++i) {
    std::ofstream(mark) << "";
    lift_backoff(environment, "host", scratch);
    if (!std::filesystem::exists(mark)) ++lifted;
  }
  EXPECT_GT(lifted, 1);
  EXPECT_LT(lifted, 20);
}

}  // namespace
}  // namespace pump::distcc
