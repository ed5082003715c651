#include "pump/os/file_io.h"

#include <dirent.h>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/stat.h>

#include <filesystem>
#include <thread>

#include "tests/unit/os/scratch.h"

namespace pump::os {
namespace {

using FileIo = Scratch;
using testing::EndsWith;
using testing::HasSubstr;

TEST_F(FileIo, WritesAndReadsAnyBytes) {
  using namespace std::string_literals;
  const std::string content = "a\0b\xff\n"s + std::string(100'000, 'x');
  ASSERT_TRUE(write_file_atomically(path("file"), content));
  EXPECT_EQ(read_file(path("file")).value(), content);
  struct stat info {};
  ASSERT_EQ(::stat(path("file").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777U, 0600U);
}

TEST_F(FileIo, ReadsFilesThatReportNoSize) {
  EXPECT_THAT(read_file("/proc/self/status").value(), HasSubstr("Name:"));
}

TEST_F(FileIo, TheLimitIsExact) {
  ASSERT_TRUE(write_file_atomically(path("file"), "12345"));
  EXPECT_EQ(read_file(path("file"), 5).value(), "12345");
  const auto longer = read_file(path("file"), 4);
  ASSERT_FALSE(longer);
  EXPECT_EQ(longer.error().code, EFBIG);
  ASSERT_TRUE(write_file_atomically(path("empty"), ""));
  EXPECT_EQ(read_file(path("empty"), 0).value(), "");
  EXPECT_EQ(read_file("/proc/self/status", 10).error().code, EFBIG);
}

TEST_F(FileIo, ErrorsContainTheFileName) {
  const auto missing = read_file(path("missing"));
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ENOENT);
  EXPECT_THAT(missing.error().message, HasSubstr(path("missing")));
  EXPECT_EQ(read_file(directory_).error().code, EISDIR);
  EXPECT_EQ(write_file_atomically(path("no/such"), "x").error().code, ENOENT);
}

TEST_F(FileIo, AFailedWriteLeavesTheOldFileAndNothingElse) {
  ASSERT_EQ(::mkdir(path("target").c_str(), 0700), 0);
  EXPECT_FALSE(write_file_atomically(path("target"), "x"));  // a directory cannot be replaced
  std::size_t entries = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(directory_)) ++entries;
  EXPECT_EQ(entries, 1U);
}

TEST_F(FileIo, ReadersSeeOneVersionOrTheOther) {
  const std::string old_content(50'000, 'o');
  const std::string new_content(70'000, 'n');
  ASSERT_TRUE(write_file_atomically(path("file"), old_content));
  std::thread writer([&] {
    for (int i = 0; i < 200; ++i) {
      EXPECT_TRUE(write_file_atomically(path("file"), i % 2 == 0 ? new_content : old_content));
    }
  });
  for (int i = 0; i < 200; ++i) {
    const auto content = read_file(path("file"));
    EXPECT_TRUE(content);
    EXPECT_TRUE(*content == old_content || *content == new_content) << content->size();
  }
  writer.join();
}

TEST_F(FileIo, ReadsLinks) {
  ASSERT_EQ(::symlink("some/where", path("link").c_str()), 0);
  EXPECT_EQ(read_link(path("link")).value(), "some/where");
  EXPECT_EQ(read_link(directory_).error().code, EINVAL);
  EXPECT_EQ(read_link(path("missing")).error().code, ENOENT);
}

TEST(Paths, AreSplitAtTheLastSlash) {
  EXPECT_EQ(dirname("/a/b"), "/a");
  EXPECT_EQ(dirname("/x"), "/");
  EXPECT_EQ(dirname("x"), ".");
  EXPECT_EQ(dirname("a/b/c"), "a/b");
  EXPECT_EQ(basename("/a/b"), "b");
  EXPECT_EQ(basename("b"), "b");
  EXPECT_EQ(basename("a/"), "");
}

TEST_F(FileIo, RemoveTreeDoesNotFollowLinks) {
  ASSERT_EQ(::mkdir(path("outside").c_str(), 0700), 0);
  ASSERT_TRUE(write_file_atomically(path("outside/kept"), "x"));
  ASSERT_TRUE(std::filesystem::create_directories(path("tree/a/b/c")));
  ASSERT_TRUE(write_file_atomically(path("tree/a/file"), "x"));
  ASSERT_EQ(::symlink("../outside", path("tree/link").c_str()), 0);
  EXPECT_TRUE(remove_tree(path("tree")));
  EXPECT_FALSE(std::filesystem::exists(path("tree")));
  EXPECT_TRUE(std::filesystem::exists(path("outside/kept")));
  ASSERT_EQ(::symlink("outside", path("link").c_str()), 0);
  EXPECT_TRUE(remove_tree(path("link")));
  EXPECT_TRUE(std::filesystem::exists(path("outside/kept")));
  EXPECT_TRUE(remove_tree(path("missing"))) << "missing is success";
}

TEST(SelfExecutable, IsThisProgram) {
  EXPECT_THAT(self_executable().value(), EndsWith("/unit_os"));
}

TEST(WriteAll, ReportsAClosedDescriptor) {
  const Status status = write_all(-1, "x");
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, EBADF);
}

}  // namespace
}  // namespace pump::os
