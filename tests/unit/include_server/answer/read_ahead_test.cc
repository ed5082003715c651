// What idle workers read and scan before it is asked for, on real files: none of it is more than the request would find
// for itself.
#include "pump/include_server/answer/read_ahead.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <latch>
#include <thread>
#include <utility>

#include "tests/unit/include_server/answer/spare_work.h"

namespace pump::include_server {
namespace {

TEST_F(SpareWorkTest, FilesAreReadBeforeTheCompilerHasAnswered) {
  const FileTree::Snapshot snapshot = tree_.begin();
  const Unit built = unit();
  ASSERT_NE(told_.early.source, nullptr) << "the builder did not tell before it asked the compiler";
  EXPECT_TRUE(told_.early.lex == built.lex) << "what is scanned ahead would be scanned once more";
  EXPECT_EQ(told_.early.source->path(), cwd_ + "/x.cc");
  ASSERT_EQ(told_.early.directories.size(), 2U);
  EXPECT_EQ(told_.early.bracket_start, 1U);
  ReadAhead ahead(tree_, scans_, jobs_, origin());
  ahead.early_unit(told_.early);
  EXPECT_FALSE(was_read("x.cc"));
  jobs_.help_while([] { return true; });
  for (const char* name :
       {"x.cc", "beside.h", "include/found.h", "include/deep.h", "include/unused.h", "quoted/quoted.h"})
    EXPECT_TRUE(was_read(name)) << name;
}

TEST_F(SpareWorkTest, TheCompilerTellsItsDirectoriesFirst) {
  const FileTree::Snapshot snapshot = tree_.begin();
  const Unit built = unit();
  const auto path_of = [](const Directory* directory) { return directory->path(); };
  std::vector<std::string> told, usual;
  for (const Directory* directory : told_.defaults)
    if (directory != nullptr) told.push_back(path_of(directory));
  for (const SearchDirectory& directory : built.search->directories)
    if (directory.system && directory.directory != nullptr) usual.push_back(path_of(directory.directory));
  EXPECT_FALSE(usual.empty());
  EXPECT_EQ(told, usual);
}

TEST_F(SpareWorkTest, WhatTheUnitsOwnDirectoriesDoNotHoldIsReadInTheDefaultOnes) {
  write("x.cc", "#include <usual.h>\n#include <nowhere.h>\n#include \"beside.h\"\n");
  write("quoted/usual.h", "#include <usual_too.h>\n");  // not for <usual.h>, but where the defaults are
  write("quoted/usual_too.h", "int usual_too;\n");
  write("beside.h", "#include <usual_late.h>\n");
  write("quoted/usual_late.h", "int usual_late;\n");
  const FileTree::Snapshot snapshot = tree_.begin();
  static_cast<void>(unit());
  Trace trace;
  Directory* const defaults = tree_.directory(nullptr, cwd_ + "/quoted", trace);
  const auto usual_are_read = [&] {
    return std::vector<bool>{was_read("quoted/usual.h"), was_read("quoted/usual_too.h"),
                             was_read("quoted/usual_late.h")};
  };
  ReadAhead ahead(tree_, scans_, jobs_, origin());
  ahead.early_unit(told_.early);
  jobs_.help_while([] { return true; });
  EXPECT_TRUE(was_read("beside.h"));
  EXPECT_THAT(usual_are_read(), testing::Each(false));
  ahead.default_directories({nullptr, defaults});
  jobs_.help_while([] { return true; });
  EXPECT_THAT(usual_are_read(), testing::Each(true));
}

TEST_F(SpareWorkTest, DefaultDirectoriesMayBeKnownBeforeAnybodyHasBegun) {
  write("x.cc", "#include <usual.h>\n");
  write("quoted/usual.h", "int usual;\n");
  const FileTree::Snapshot snapshot = tree_.begin();
  static_cast<void>(unit());
  Trace trace;
  ReadAhead ahead(tree_, scans_, jobs_, origin());
  ahead.early_unit(told_.early);
  ahead.default_directories({tree_.directory(nullptr, cwd_ + "/quoted", trace)});
  jobs_.help_while([] { return true; });
  EXPECT_TRUE(was_read("quoted/usual.h"));
}

TEST_F(SpareWorkTest, AKnownCompilerIsNotWaitedFor) {
  const FileTree::Snapshot snapshot = tree_.begin();
  static_cast<void>(unit());
  told_ = {};
  argv_.insert(argv_.begin() + 1, "-DNEW");
  static_cast<void>(unit());
  EXPECT_EQ(told_.early.source, nullptr);
  EXPECT_TRUE(told_.defaults.empty());
}

TEST_F(SpareWorkTest, TheSourcesIncludesAreReadWhileItIsWalked) {
  const FileTree::Snapshot snapshot = tree_.begin();
  const Unit built = unit();
  const ClosureFile file = source();
  const auto version = tree_.load(*file.entry);
  ASSERT_TRUE(version);
  Preprocessor preprocessor(tree_, scans_, {});
  const SpareJobs::Idle idle(jobs_);
  ReadAhead ahead(tree_, scans_, jobs_, origin());
  bool before = true;
  const Closure closure =
      preprocessor.run(built, {[&](const ClosureFile& entered, bool is_source) {
                                 if (!is_source) return;
                                 EXPECT_EQ(entered.entry, file.entry);
                                 before = was_read("include/deep.h") || was_read("quoted/quoted.h");
                                 ahead.begin(built, entered);
                                 jobs_.help_while([] { return true; });
                               },
                               {}});
  EXPECT_FALSE(before);
  for (const char* name :
       {"beside.h", "include/found.h", "include/deep.h", "include/unused.h", "quoted/quoted.h"})
    EXPECT_TRUE(was_read(name)) << name;
}

/// Another worker is at "beside.h", reading it or scanning it, until let_go().
class WaitingWalkTest : public SpareWorkTest {
 protected:
  void TearDown() override {
    let_go();
    if (other_.joinable()) other_.join();
    SpareWorkTest::TearDown();
  }
  void let_go() {
    if (!std::exchange(gone_, true)) going_on_.count_down();
  }
  void another_is_in(const std::function<void()>& work) {
    other_ = std::thread(work);
    there_.wait();
  }
  void hold() {
    there_.count_down();
    going_on_.wait();
  }
  /// Walks until there is nothing better to do than to wait, which ends then.
  void walk(const Unit& unit) {
    ReadAhead ahead(tree_, scans_, jobs_, origin());
    const auto meanwhile = [&] {
      if (ahead.meanwhile()) return true;
      while_waiting_ = {was_read("include/found.h"), was_read("include/unused.h"),
                        was_read("quoted/quoted.h"), was_read("include/deep.h")};
      let_go();
      return false;
    };
    Preprocessor(tree_, scans_, {})
        .run(unit, {[&](const ClosureFile& entered, bool is_source) {
                      if (is_source) ahead.begin(unit, entered);
                    },
                    meanwhile});
    EXPECT_TRUE(was_read("include/deep.h")) << "the walk did not go on";
  }

  std::vector<bool> while_waiting_;  ///< what had been read of what x.cc leads to; the last by beside.h alone

 private:
  std::thread other_;
  std::latch there_{1}, going_on_{1};
  bool gone_ = false;
};

TEST_F(WaitingWalkTest, ReadsOnWhileAnotherReads) {
  const FileTree::Snapshot snapshot = tree_.begin();
  const Unit built = unit();
  const Entry& beside = entry("beside.h");
  file_system_.before_read = [&](const std::string& path) {
    if (path == beside.path()) hold();
  };
  another_is_in([&] { EXPECT_TRUE(tree_.load(beside)); });
  EXPECT_TRUE(FileTree::being_read(beside));
  walk(built);
  EXPECT_EQ(while_waiting_, (std::vector<bool>{true, true, true, false}));
  EXPECT_FALSE(FileTree::being_read(beside));
}

TEST_F(WaitingWalkTest, ReadsOnWhileAnotherScans) {
  const FileTree::Snapshot snapshot = tree_.begin();
  const Unit built = unit();
  const auto version = tree_.load(entry("beside.h"));
  ASSERT_TRUE(version);
  const ScanMode mode{built.lex};
  // By value: the other thread may outlive this function's variables.
  another_is_in([this, version, mode] {
    scans_.get(version->hash, mode, [&] {
      hold();
      return version->bytes;
    });
  });
  EXPECT_TRUE(scans_.being_made(version->hash, mode));
  walk(built);
  EXPECT_EQ(while_waiting_, (std::vector<bool>{true, true, true, false}));
}

TEST_F(WaitingWalkTest, WhoMeetsNobodyReadsNothingInAdvance) {
  const FileTree::Snapshot snapshot = tree_.begin();
  walk(unit());
  EXPECT_TRUE(while_waiting_.empty());
  EXPECT_FALSE(was_read("include/unused.h"));
}

TEST_F(SpareWorkTest, NothingIsReadOnceTheRequestIsOver) {
  const FileTree::Snapshot snapshot = tree_.begin();
  static_cast<void>(unit());
  {
    ReadAhead ahead(tree_, scans_, jobs_, origin());
    ahead.early_unit(told_.early);
  }
  jobs_.help_while([] { return true; });
  EXPECT_FALSE(was_read("x.cc"));
}

}  // namespace
}  // namespace pump::include_server
