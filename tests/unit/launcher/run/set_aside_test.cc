#include "launcher/run/set_aside.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace pump::launcher {
namespace {

using Level = SetAside::Level;
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

TEST_F(SetAsideTest, TheLevelRisesWithEachEntry) {
  EXPECT_EQ(command().read(), Level::Pump);
  ASSERT_TRUE(command().add(Level::Pump, "first\nsecond line", {header}, kHour));
  SetAside seen = command();
  EXPECT_EQ(seen.read(), Level::Plain);
  EXPECT_EQ(seen.reason(), "first");
  ASSERT_TRUE(command().add(Level::Plain, "again", {header}, kHour));
  EXPECT_EQ(command().read(), Level::Local);
}

TEST_F(SetAsideTest, AppliesToOneCommand) {
  ASSERT_TRUE(command().add(Level::Pump, "x", {header}, kHour));
  EXPECT_EQ(command("-O3").read(), Level::Pump);
  EXPECT_EQ(SetAside(scratch, "/other", {"g++", "-O2", "-c", "a.cc"}).read(), Level::Pump);
}

TEST_F(SetAsideTest, EndsWhenAnInputChangesVanishesOrAppears) {
  const std::string absent = scratch + "/absent.h";
  const auto set = [&] { ASSERT_TRUE(command().add(Level::Pump, "x", {header, absent}, kHour)); };
  set();
  write(header, "other");
  EXPECT_EQ(command().read(), Level::Pump);
  write(header, "one");
  EXPECT_EQ(command().read(), Level::Pump) << "the entry must be gone for good";
  set();
  write(absent, "");
  EXPECT_EQ(command().read(), Level::Pump);
  set();
  std::filesystem::remove(header);
  EXPECT_EQ(command().read(), Level::Pump);
}

TEST_F(SetAsideTest, EndsWhenItsTimeIsOver) {
  ASSERT_TRUE(command().add(Level::Pump, "x", {header}, std::chrono::seconds(-1)));
  EXPECT_EQ(command().read(), Level::Pump);
}

TEST_F(SetAsideTest, DamagedEntriesAndNoSessionMeanPumpMode) {
  ASSERT_TRUE(command().add(Level::Pump, "x", {header}, kHour));
  for (const auto& entry : std::filesystem::directory_iterator(scratch + "/set-aside"))
    write(entry.path(), "rubbish");
  EXPECT_EQ(command().read(), Level::Pump);
  SetAside none;
  EXPECT_EQ(none.read(), Level::Pump);
  EXPECT_TRUE(none.add(Level::Pump, "x", {header}, kHour));
}

}  // namespace
}  // namespace pump::launcher
