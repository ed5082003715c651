#include "launcher/run/set_aside.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace pump::launcher {
namespace {

constexpr std::chrono::hours kHour(1);

class SetAsideTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "pump-aside.XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    scratch = name;
    header = scratch + "/h.h";
    write(header, "one");
  }
  void TearDown() override { std::filesystem::remove_all(scratch); }
  static void write(const std::string& path, const std::string& text) { std::ofstream(path) << text; }
  [[nodiscard]] SetAside command(const std::string& flag = "-O2") const {
    return {scratch, "/src", {"g++", flag, "-c", "a.cc"}};
  }
  std::string scratch, header;
};

TEST_F(SetAsideTest, IsSetWithItsReason) {
  EXPECT_FALSE(command().is_set());
  ASSERT_TRUE(command().add("first\nsecond line", {header}, kHour));
  SetAside seen = command();
  EXPECT_TRUE(seen.is_set());
  EXPECT_EQ(seen.reason(), "first");
}

TEST_F(SetAsideTest, AppliesToOneCommand) {
  ASSERT_TRUE(command().add("x", {header}, kHour));
  EXPECT_FALSE(command("-O3").is_set());
  EXPECT_FALSE(SetAside(scratch, "/other", {"g++", "-O2", "-c", "a.cc"}).is_set());
}

TEST_F(SetAsideTest, EndsWhenAnInputChangesVanishesOrAppears) {
  const std::string absent = scratch + "/absent.h";
  const auto set = [&] { ASSERT_TRUE(command().add("x", {header, absent}, kHour)); };
  set();
  write(header, "other");
  EXPECT_FALSE(command().is_set());
  write(header, "one");
  EXPECT_FALSE(command().is_set()) << "the entry must be gone for good";
  set();
  write(absent, "");
  EXPECT_FALSE(command().is_set());
  set();
  std::filesystem::remove(header);
  EXPECT_FALSE(command().is_set());
}

TEST_F(SetAsideTest, EndsWhenItsTimeIsOver) {
  ASSERT_TRUE(command().add("x", {header}, std::chrono::seconds(-1)));
  EXPECT_FALSE(command().is_set());
}

TEST_F(SetAsideTest, DamagedEntriesAndNoSessionMeanNotSet) {
  ASSERT_TRUE(command().add("x", {header}, kHour));
  for (const auto& entry : std::filesystem::directory_iterator(scratch + "/set-aside"))
    write(entry.path(), "rubbish");
  EXPECT_FALSE(command().is_set());
  SetAside none;
  EXPECT_FALSE(none.is_set());
  EXPECT_TRUE(none.add("x", {header}, kHour));
}

}  // namespace
}  // namespace pump::launcher
