#include "pump/include_server/file_tree/watch_table.h"

#include <gtest/gtest.h>

#include "tests/unit/include_server/file_tree/fake_file_system.h"

namespace pump::include_server {
namespace {

class WatchTableTest : public ::testing::Test {
 protected:
  WatchTableTest() {
    fs.write("/w/x.h", "x");
    fs.make_hard_link("/w/x.h", "/w/y.h");
  }
  FakeFileSystem fs;
  WatchTable table{fs};
  Directory root{"/", nullptr, nullptr};
  Directory w{"/w", &root, nullptr};
  Entry x, y;
};

TEST_F(WatchTableTest, FindsAllTargetsOfAWatch) {
  const int watch = table.add("/w/x.h", {nullptr, &x});
  ASSERT_GE(watch, 0);
  EXPECT_EQ(table.add("/w/y.h", {nullptr, &y}), watch) << "a hard link has the same watch";
  const int directory_watch = table.add("/w", {&w, nullptr});
  using Targets = std::vector<WatchTable::Target>;
  EXPECT_EQ(table.targets_of(watch), (Targets{{nullptr, &x}, {nullptr, &y}}));
  EXPECT_EQ(table.targets_of(directory_watch), (Targets{{&w, nullptr}}));
  EXPECT_TRUE(table.targets_of(1000).empty());
}

TEST_F(WatchTableTest, GivesAWatchBackWithItsLastTarget) {
  const int watch = table.add("/w/x.h", {nullptr, &x});
  table.add("/w/y.h", {nullptr, &y});
  table.drop(watch, {nullptr, &x});
  EXPECT_EQ(fs.watches(), 1);
  table.drop(watch, {nullptr, &y});
  EXPECT_EQ(fs.watches(), 0);
  table.drop(watch, {nullptr, &y});
  table.drop(-1, {nullptr, &y});
}

TEST_F(WatchTableTest, ARecreatedDirectoryHasAnotherWatch) {
  const int watch = table.add("/w", {&w, nullptr});
  EXPECT_EQ(table.current("/w", false), watch);
  fs.remove("/w");
  fs.make_directory("/w");
  EXPECT_NE(table.current("/w", false), watch);
}

TEST_F(WatchTableTest, WhatCannotBeWatchedHasNoTargets) {
  fs.set_watchable(false);
  EXPECT_LT(table.add("/w", {&w, nullptr}), 0);
  EXPECT_TRUE(table.targets_of(-1).empty());
}

}  // namespace
}  // namespace pump::include_server
