#include "launcher/remote/output_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cerrno>

#include "tests/unit/launcher/remote/fake_distccd.h"

namespace pump::launcher {
namespace {

using Kind = OutputFile::Kind;
using testing::HasSubstr;

class OutputFiles : public ::testing::Test {
 protected:
  OutputFiles() : umask_(::umask(027)) {}
  ~OutputFiles() override { ::umask(umask_); }

  static void make(const std::string& path, const std::string& content, Kind kind = Kind::Object) {
    auto output = OutputFile::write(path, content, kind);
    ASSERT_TRUE(output) << output.error().message;
    const Status published = output->publish();
    EXPECT_TRUE(published) << published.error().message;
  }
  static std::string error(const std::string& path) {
    const auto output = OutputFile::write(path, "x", Kind::Object);
    return output ? std::string() : output.error().message;
  }
  static struct stat info(const std::string& path) {
    struct stat info {};
    EXPECT_EQ(::lstat(path.c_str(), &info), 0) << path;
    return info;
  }
  [[nodiscard]] std::size_t entries() const {
    const std::filesystem::directory_iterator all(scratch.path(""));
    return static_cast<std::size_t>(std::distance(begin(all), end(all)));
  }

  ScratchDirectory scratch;

 private:
  mode_t umask_;
};

TEST_F(OutputFiles, ANewFileHasTheModeOfTheUmask) {
  make(scratch.path("a.o"), "object");
  EXPECT_EQ(scratch.read("a.o"), "object");
  EXPECT_EQ(info(scratch.path("a.o")).st_mode & 07777U, 0640U);
  EXPECT_EQ(entries(), 1U);
}

TEST_F(OutputFiles, ARelativeNameIsBelowTheWorkingDirectory) {
  const std::filesystem::path before = std::filesystem::current_path();
  std::filesystem::current_path(scratch.path(""));
  make("a.o", "object");
  std::filesystem::current_path(before);
  EXPECT_EQ(scratch.read("a.o"), "object");
}

TEST_F(OutputFiles, NothingChangesBeforeItIsPublished) {
  const std::string path = scratch.file("a.o", "old");
  {
    auto output = OutputFile::write(path, "new", Kind::Object);
    ASSERT_TRUE(output);
    EXPECT_EQ(scratch.read("a.o"), "old");
  }
  EXPECT_EQ(scratch.read("a.o"), "old");
  EXPECT_EQ(entries(), 1U);
}

TEST_F(OutputFiles, AnObjectIsANewFile) {
  const std::string path = scratch.file("a.o", "old");
  ::chmod(path.c_str(), 0600);
  const std::ifstream reader(path);
  make(path, "new");
  EXPECT_EQ(scratch.read("a.o"), "new");
  EXPECT_EQ(info(path).st_mode & 07777U, 0640U);
  std::ostringstream seen;
  seen << reader.rdbuf();
  EXPECT_EQ(seen.str(), "old") << "who has the old object open keeps it";
  EXPECT_EQ(entries(), 1U);
}

TEST_F(OutputFiles, ADependencyFileKeepsItsMode) {
  const std::string path = scratch.file("a.d", "old");
  ::chmod(path.c_str(), 0604);
  make(path, "new", Kind::Dependencies);
  EXPECT_EQ(scratch.read("a.d"), "new");
  EXPECT_EQ(info(path).st_mode & 07777U, 0604U);
}

TEST_F(OutputFiles, AnObjectKeepsTheModeOfAnEmptyFile) {
  const std::string path = scratch.file("a.o", "");
  ::chmod(path.c_str(), 0600);
  make(path, "new");
  EXPECT_EQ(info(path).st_mode & 07777U, 0600U);
}

TEST_F(OutputFiles, ADependencyFileKeepsItsOwner) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root";
  const std::string path = scratch.file("a.d", "old");
  ASSERT_EQ(::chown(path.c_str(), 65534, 65533), 0);
  make(path, "new", Kind::Dependencies);
  EXPECT_EQ(info(path).st_uid, 65534U);
  EXPECT_EQ(info(path).st_gid, 65533U);
}

TEST_F(OutputFiles, WhatIsNotAPlainFileIsLeftToTheCompiler) {
  (void)scratch.link("link.o", "target");
  (void)scratch.link("dangling.o", "none");
  ASSERT_EQ(::mkfifo(scratch.path("pipe").c_str(), 0600), 0);
  std::filesystem::create_directory(scratch.path("directory"));
  std::filesystem::create_hard_link(scratch.file("second", "kept"), scratch.path("second.o"));
  for (const char* name : {"link.o", "dangling.o", "pipe", "directory", "second.o"}) {
    const auto output = OutputFile::write(scratch.path(name), "x", Kind::Object);
    ASSERT_FALSE(output) << name;
    EXPECT_EQ(output.error().code, ENOTSUP) << name;
  }
  EXPECT_THAT(error("/dev/null"), HasSubstr("not a plain file"));
  EXPECT_EQ(scratch.read("second"), "kept");
}

TEST_F(OutputFiles, AMissingDirectoryIsAnError) {
  EXPECT_THAT(error(scratch.path("none/a.o")), HasSubstr("No such file or directory"));
  EXPECT_FALSE(std::filesystem::exists(scratch.path("none")));
  EXPECT_THAT(error(scratch.file("file", "x") + "/a.o"), HasSubstr("Not a directory"));
  EXPECT_NE(error(""), "");
}

TEST_F(OutputFiles, AFileThatAppearsMeanwhileIsReplaced) {
  auto output = OutputFile::write(scratch.path("a.o"), "new", Kind::Object);
  ASSERT_TRUE(output);
  (void)scratch.file("a.o", "of another process");
  ASSERT_TRUE(output->publish());
  EXPECT_EQ(scratch.read("a.o"), "new");
}

TEST_F(OutputFiles, ADirectoryThatAppearsMeanwhileIsAnError) {
  auto output = OutputFile::write(scratch.path("a.o"), "new", Kind::Object);
  ASSERT_TRUE(output);
  std::filesystem::create_directory(scratch.path("a.o"));
  EXPECT_FALSE(output->publish());
}

}  // namespace
}  // namespace pump::launcher
