// Copies for the mirror that idle workers make of files that the walk has entered.
#include "pump/include_server/answer/early_copies.h"

#include <gtest/gtest.h>

#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "pump/include_server/send_plan/send_plan.h"
#include "tests/unit/include_server/answer/spare_work.h"

namespace pump::include_server {
namespace {

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
