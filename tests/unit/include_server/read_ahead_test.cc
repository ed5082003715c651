// What idle workers do before it is asked for, on real files: files are read and scanned, copies are made,
// and none of it is more than the request would find for itself.
#include "pump/include_server/read_ahead.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <latch>
#include <thread>
#include <utility>

#include "pump/include_server/early_copies.h"
#include "pump/include_server/os_file_system.h"
#include "pump/include_server/scan_cache.h"
#include "pump/include_server/symbols.h"
#include "pump/include_server/travel.h"
#include "pump/include_server/unit_builder.h"
#include "pump/os/process.h"

namespace pump::include_server {
namespace {

class SpareWorkTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!os::find_program("g++", std::getenv("PATH"))) GTEST_SKIP() << "g++ is not installed";
    cwd_ = std::filesystem::canonical(testing::TempDir()).string() + "/ahead." + std::to_string(::getpid());
    std::filesystem::create_directories(cwd_ + "/include");
    std::filesystem::create_directories(cwd_ + "/quoted");
    write("x.cc",
          "#include \"beside.h\"\n#include <found.h>\n"
          "#include \"quoted.h\"\n#include <quoted.h>\n#include NAME\n");
    write("beside.h", "#include <deep.h>\n");
    write("include/found.h", "#ifdef NEVER\n#include \"unused.h\"\n#endif\n");
    write("include/unused.h", "int unused;\n");
    write("include/deep.h", "#include \"missing.h\"\nint deep;\n");
    write("quoted/quoted.h", "int quoted;\n");
    argv_ = {"g++", "-iquote", "quoted", "-I", "include", "-c", cwd_ + "/x.cc", "-o", "x.o"};
  }
  void TearDown() override {
    if (!cwd_.empty()) std::filesystem::remove_all(cwd_);
  }
  void write(const std::string& name, const std::string& text) {
    std::ofstream(cwd_ + "/" + name, std::ios::trunc) << text;
  }
  Unit unit() {
    UnitOrReason built =
        builder_.build(cwd_, argv_, os::Environment::current(), UnitBuilder::environment_key({}), 0, &told_);
    if (!built.unit) throw std::runtime_error(built.detail);
    return *std::move(built.unit);
  }
  const Entry& entry(const std::string& name) {
    Trace trace;
    return *tree_.walk(nullptr, cwd_ + "/" + name, trace);
  }
  bool was_read(const std::string& name) { return FileTree::was_read(entry(name)); }
  ClosureFile source() {
    ClosureFile file;
    file.entry = &entry("x.cc");
    file.hash = tree_.hash(*file.entry).value();
    file.spelled = spelling(intern(file.entry->path()));  // as in a closure
    file.absolute = true;
    return file;
  }
  std::shared_ptr<JobOrigin> origin() { return std::make_shared<JobOrigin>(ContentHash{1, 2}, cwd_, "x.cc"); }

  std::string cwd_;
  std::vector<std::string> argv_;
  struct : OsFileSystem {
    Expected<Content> read(const std::string& path) override {
      if (before_read) before_read(path);
      return OsFileSystem::read(path);
    }
    std::function<void(const std::string& path)> before_read;
  } file_system_;
  FileTree tree_{file_system_};
  SpareJobs jobs_;
  UnitBuilder builder_{tree_, &jobs_};
  ScanCache scans_;
  struct Told : WhileAsking {
    void early_unit(const EarlyUnit& unit) override { early = unit; }
    void default_directories(std::vector<Directory*> directories) override {
      EXPECT_NE(early.source, nullptr) << "told too early";
      defaults = std::move(directories);
    }
    EarlyUnit early;
    std::vector<Directory*> defaults;
  } told_;
};

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
  another_is_in([&] {
    scans_.impl().get(version->hash, mode, [&] {
      hold();
      return version->bytes;
    });
  });
  EXPECT_TRUE(scans_.impl().being_made(version->hash, mode));
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

class EarlyCopiesTest : public SpareWorkTest {
 protected:
  void SetUp() override {
    SpareWorkTest::SetUp();
    if (IsSkipped()) return;
    auto mirror = Mirror::create(cwd_);
    ASSERT_TRUE(mirror) << mirror.error().message;
    mirror_ = std::move(*mirror);
  }
  std::optional<std::string> copy_of(const ClosureFile& file, std::string_view prologue) {
    return mirror_->find(file.entry->path(), file.hash, file.absolute ? file.spelled : "", 0, prologue);
  }
  std::shared_ptr<Mirror> mirror_;
  AbsoluteIncludeCache absolute_includes_;
};

TEST_F(EarlyCopiesTest, TheCopyThatWillBeSentIsMade) {
  const FileTree::Snapshot snapshot = tree_.begin();
  const Unit built = unit();
  const ClosureFile file = source();
  const SpareJobs::Idle idle(jobs_);
  EarlyCopies(tree_, mirror_, absolute_includes_, jobs_, built, origin()).entered(file, true);
  EXPECT_FALSE(copy_of(file, source_prologue(built, file)));
  jobs_.help_while([] { return true; });
  EXPECT_TRUE(copy_of(file, source_prologue(built, file)));
  EXPECT_FALSE(source_prologue(built, file).empty());
}

TEST_F(EarlyCopiesTest, TheServersOwnHeadersAreNotCopied) {
  const FileTree::Snapshot snapshot = tree_.begin();
  const Unit built = unit();
  Trace trace;
  ClosureFile file;
  file.entry = tree_.walk(nullptr, "/usr/include/stdio.h", trace);
  if (file.entry->kind != EntryKind::File) GTEST_SKIP() << "no /usr/include/stdio.h";
  file.hash = tree_.hash(*file.entry).value();
  file.spelled = "/usr/include/stdio.h";
  file.absolute = true;
  const SpareJobs::Idle idle(jobs_);
  EarlyCopies(tree_, mirror_, absolute_includes_, jobs_, built, origin()).entered(file, false);
  jobs_.help_while([] { return true; });
  EXPECT_FALSE(copy_of(file, {}));
}

TEST_F(EarlyCopiesTest, AFileWhoseIncludesMustBeRewrittenIsLeftToTheRequest) {
  write("x.cc", "#include \"" + cwd_ + "/beside.h\"\n");
  const FileTree::Snapshot snapshot = tree_.begin();
  const Unit built = unit();
  const ClosureFile file = source();
  const SpareJobs::Idle idle(jobs_);
  EarlyCopies(tree_, mirror_, absolute_includes_, jobs_, built, origin()).entered(file, true);
  jobs_.help_while([] { return true; });
  EXPECT_FALSE(copy_of(file, source_prologue(built, file)));
}

TEST_F(EarlyCopiesTest, AJobThatComesTooLateDoesNotReplaceTheNewVersion) {
  ClosureFile old;
  {
    const FileTree::Snapshot snapshot = tree_.begin();
    const Unit built = unit();
    old = source();
    const SpareJobs::Idle idle(jobs_);
    EarlyCopies(tree_, mirror_, absolute_includes_, jobs_, built, origin()).entered(old, true);
  }
  write("x.cc", "int another;\n");
  const FileTree::Snapshot snapshot = tree_.begin();
  const Unit built = unit();
  const ClosureFile now = source();
  ASSERT_NE(now.hash, old.hash);
  const auto version = tree_.load(*now.entry);
  ASSERT_TRUE(version);
  const std::string_view prologue = source_prologue(built, now);
  const auto path = mirror_->file(now.entry->path(), *version, now.spelled, 0, prologue);
  ASSERT_TRUE(path);
  jobs_.help_while([] { return true; });
  EXPECT_EQ(copy_of(now, prologue), *path);
}

}  // namespace
}  // namespace pump::include_server
