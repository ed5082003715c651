#include "pump/include_server/file_tree/os_file_system.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <thread>

#include "pump/include_server/support/watch_limit.h"
#include "pump/os/file_io.h"

namespace pump::include_server {
namespace {

namespace fs = std::filesystem;

class OsFileSystemTest : public ::testing::Test {
 protected:
  OsFileSystemTest() {
    std::string name = "/tmp/os-file-system-XXXXXX";
    top = ::mkdtemp(name.data());
  }
  ~OsFileSystemTest() override { fs::remove_all(top); }
  [[nodiscard]] std::string path(const std::string& name) const { return top + "/" + name; }
  std::vector<WatchEvent> drained() {
    std::vector<WatchEvent> events;
    real.drain(events);
    return events;
  }
  static void write(const std::string& file, const std::string& text) {
    const os::UniqueFd fd(::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
    ASSERT_TRUE(os::write_all(fd.get(), text));
  }
  std::string top;
  OsFileSystem real;
};

TEST_F(OsFileSystemTest, HasAtMostTheGivenNumberOfWatches) {
  OsFileSystem two(OsFileSystem::Watches::Trusted, 2);
  for (const char* name : {"a", "b", "c"}) fs::create_directory(path(name));
  const int a = two.watch(path("a")), b = two.watch(path("b"));
  ASSERT_GE(a, 0);
  ASSERT_GE(b, 0);
  EXPECT_EQ(two.watch(path("c")), -1);
  EXPECT_EQ(two.watch(path("a")), a) << "it has one";
  std::vector<WatchEvent> events;
  two.drain(events);
  two.unwatch(b);
  EXPECT_GE(two.watch(path("c")), 0);
  EXPECT_EQ(two.watch(path("b")), -1);
  // The kernel takes back the watch of what is gone.
  fs::remove(path("a"));
  two.drain(events);
  EXPECT_GE(two.watch(path("b")), 0);
}

TEST_F(OsFileSystemTest, AQuarterOfTheUsersWatchesIsForTheServer) {
  EXPECT_GT(user_watch_limit(), 0U);
  EXPECT_LE(most_file_watches() + most_mirror_watches(), user_watch_limit() / 4);
  EXPECT_GT(most_file_watches() + most_mirror_watches(), user_watch_limit() / 5);
}

TEST_F(OsFileSystemTest, ReportsStatusWithoutFollowingLinks) {
  write(path("x"), "four");
  fs::create_symlink("x", path("l"));
  ASSERT_EQ(::mkfifo(path("f").c_str(), 0600), 0);
  const auto file = real.status(path("x"));
  ASSERT_TRUE(file);
  EXPECT_EQ(file->kind, EntryKind::File);
  EXPECT_EQ(file->size, 4U);
  EXPECT_EQ(file->links, 1U);
  EXPECT_EQ(real.status(path("l"))->kind, EntryKind::Symlink);
  EXPECT_EQ(real.read_link(path("l")).value(), "x");
  EXPECT_EQ(real.read_link(path("x")).error().code, EINVAL);
  EXPECT_EQ(real.status(path("f"))->kind, EntryKind::Other);
  EXPECT_EQ(real.status(top)->kind, EntryKind::Directory);
  EXPECT_EQ(real.status(path("missing"))->kind, EntryKind::Missing);
  EXPECT_EQ(real.status(path("x/below"))->kind, EntryKind::Missing);
  EXPECT_EQ(real.status("/" + std::string(300, 'n')).error().code, ENAMETOOLONG);
}

TEST_F(OsFileSystemTest, ReadsRegularFilesOnlyAndNeverBlocks) {
  write(path("x"), "text");
  ASSERT_EQ(::mkfifo(path("f").c_str(), 0600), 0);
  fs::create_symlink("x", path("l"));
  EXPECT_EQ(real.read(path("x"))->bytes, "text");
  EXPECT_EQ(real.read(path("x"))->status, real.status(path("x")).value());
  EXPECT_EQ(real.read(path("f")).error().code, EINVAL);
  EXPECT_EQ(real.read(path("l")).error().code, ELOOP);
  EXPECT_FALSE(real.read(top));
  EXPECT_EQ(real.read(path("missing")).error().code, ENOENT);
  write(path("empty"), "");
  EXPECT_EQ(real.read(path("empty"))->bytes, "");
}

TEST_F(OsFileSystemTest, ReadsAreNotExclusiveWhileAWriterHasTheFileOpen) {
  write(path("x"), "text");
  const auto alone = real.read(path("x"));
  ASSERT_TRUE(alone);
  EXPECT_TRUE(alone->exclusive) << "a read lease was granted";
  const os::UniqueFd writer(::open(path("x").c_str(), O_WRONLY | O_CLOEXEC));
  const auto with_writer = real.read(path("x"));
  ASSERT_TRUE(with_writer);
  EXPECT_FALSE(with_writer->exclusive);
  EXPECT_FALSE(with_writer->settled);
}

TEST_F(OsFileSystemTest, ContentSettlesAfterAClockTick) {
  // If the machine stalls between write and read, the tick is over: repeat.
  bool settled = true;
  for (int attempt = 0; settled && attempt < 100; ++attempt) {
    write(path("x"), "text");
    settled = real.read(path("x"))->settled;
  }
  EXPECT_FALSE(settled) << "a change within this tick would not be seen";
  std::this_thread::sleep_for(std::chrono::milliseconds(60));
  EXPECT_TRUE(real.read(path("x"))->settled);
  // If the clock was set back, the time stamp is in the future.
  const timespec future[2] = {{0, UTIME_NOW}, {4'000'000'000, 0}};
  ASSERT_EQ(::utimensat(AT_FDCWD, path("x").c_str(), future, 0), 0);
  EXPECT_FALSE(real.read(path("x"))->settled);
}

TEST_F(OsFileSystemTest, BreakingTheLeaseKillsNeitherProcess) {
  struct sigaction action = {};
  ASSERT_EQ(::sigaction(SIGIO, nullptr, &action), 0);
  EXPECT_EQ(action.sa_handler, SIG_IGN);
  write(path("x"), std::string(1U << 20U, 'x'));
  std::atomic<bool> done{false};
  std::thread writer([&] {
    while (!done) {
      const os::UniqueFd fd(::open(path("x").c_str(), O_WRONLY | O_CLOEXEC));
      EXPECT_TRUE(fd);
    }
  });
  for (int i = 0; i < 100; ++i) {
    const auto content = real.read(path("x"));
    EXPECT_TRUE(content || content.error().code == EAGAIN);
  }
  done = true;
  writer.join();
}

TEST_F(OsFileSystemTest, ADirectoryWatchReportsNames) {
  write(path("known"), "1");
  const int watch = real.watch(top);
  ASSERT_GE(watch, 0);
  EXPECT_EQ(real.watch(top + "/."), watch) << "one directory, one watch";
  EXPECT_TRUE(drained().empty());
  write(path("known"), "2");
  const auto edited = drained();
  ASSERT_FALSE(edited.empty());
  EXPECT_TRUE(std::any_of(edited.begin(), edited.end(), [&](const WatchEvent& event) {
    return event.watch == watch && event.name == "known" && event.content;
  }));
  fs::rename(path("known"), path("renamed"));
  EXPECT_EQ(drained().size(), 2U);
  fs::remove(path("renamed"));
  const auto removed = drained();
  ASSERT_EQ(removed.size(), 1U);
  EXPECT_EQ(removed[0].name, "renamed");
  fs::create_directory(path("sub"));
  drained();
  const int below = real.watch(path("sub"));
  fs::remove(path("sub"));
  const auto gone = drained();
  EXPECT_TRUE(std::any_of(gone.begin(), gone.end(),
                          [&](const WatchEvent& event) { return event.watch == below && event.gone; }));
}

TEST_F(OsFileSystemTest, AFileWatchReportsChangesThroughOtherHardLinks) {
  write(path("x"), "1");
  const int watch = real.watch_file(path("x"), 0);
  ASSERT_GE(watch, 0);
  fs::create_hard_link(path("x"), path("y"));
  EXPECT_FALSE(drained().empty());
  write(path("y"), "2");
  const auto events = drained();
  EXPECT_TRUE(std::any_of(events.begin(), events.end(),
                          [&](const WatchEvent& event) { return event.watch == watch && event.content; }));
  real.unwatch(watch);
  write(path("y"), "3");
  for (const WatchEvent& event : drained()) EXPECT_TRUE(event.gone);
}

TEST_F(OsFileSystemTest, ManyWritesToUnwatchedFilesAreOneEventEach) {
  ASSERT_GE(real.watch(top), 0);
  for (int file = 0; file < 10; ++file) {
    const os::UniqueFd fd(
        ::open(path("o" + std::to_string(file)).c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644));
    for (int i = 0; i < 100; ++i) ASSERT_TRUE(os::write_all(fd.get(), "block"));
  }
  EXPECT_LE(drained().size(), 20U);
}

TEST_F(OsFileSystemTest, AnOverflowingQueueIsReported) {
  ASSERT_GE(real.watch(top), 0);
  const auto limit = os::read_file("/proc/sys/fs/inotify/max_queued_events");
  ASSERT_TRUE(limit);
  const int count = std::stoi(*limit);
  if (count > 200'000) GTEST_SKIP() << "the queue takes " << count << " events";
  write(path("a"), "");
  for (int i = 0; i <= count / 2; ++i) {
    ASSERT_EQ(::rename(path("a").c_str(), path("b").c_str()), 0);
    ASSERT_EQ(::rename(path("b").c_str(), path("a").c_str()), 0);
  }
  const auto events = drained();
  EXPECT_TRUE(
      std::any_of(events.begin(), events.end(), [](const WatchEvent& event) { return event.overflow; }));
  EXPECT_TRUE(drained().empty());
}

TEST_F(OsFileSystemTest, UntrustedFileSystemsAreNotWatched) {
  EXPECT_LT(real.watch("/proc"), 0);
  EXPECT_LT(real.watch("/sys"), 0);
  EXPECT_LT(real.watch(path("missing")), 0);
  write(path("x"), "");
  EXPECT_LT(real.watch(path("x")), 0);
  OsFileSystem never(OsFileSystem::Watches::Never);
  EXPECT_LT(never.watch(top), 0);
  EXPECT_LT(never.watch_file(path("x"), 0), 0);
}

TEST_F(OsFileSystemTest, ATrustedDeviceDoesNotMakeOthersTrusted) {
  write(path("x"), "");
  write(path("y"), "");
  const std::uint64_t device = real.status(path("x"))->device;
  ASSERT_GE(real.watch_file(path("x"), device), 0);
  EXPECT_GE(real.watch_file(path("y"), device), 0);
  EXPECT_LT(real.watch_file(path("missing"), device), 0);
  EXPECT_LT(real.watch_file("/proc/version", real.status("/proc/version")->device), 0);
  EXPECT_LT(real.watch_file("/proc/version", 0), 0);
  EXPECT_GE(real.watch_file(path("y"), device), 0);
}

TEST_F(OsFileSystemTest, AMountIsReportedAsLostEvents) {
  EXPECT_TRUE(drained().empty());
  if (::mount("tmpfs", top.c_str(), "tmpfs", 0, "size=64k") != 0)
    GTEST_SKIP() << "cannot mount here: " << std::strerror(errno);
  const auto events = drained();
  ::umount(top.c_str());
  ASSERT_EQ(events.size(), 1U);
  EXPECT_TRUE(events[0].overflow);
  EXPECT_EQ(drained().size(), 1U);
  EXPECT_TRUE(drained().empty());
}

}  // namespace
}  // namespace pump::include_server
