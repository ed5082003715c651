// Each kind of change that a user can make, on a real file system, immediately before the request: the tree
// must show the state after the change. With watches, without them, and with all events lost.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/fsuid.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <thread>

#include "pump/include_server/file_tree/file_tree.h"
#include "pump/include_server/file_tree/os_file_system.h"
#include "pump/os/unique_fd.h"

namespace pump::include_server {
namespace {

namespace fs = std::filesystem;

constexpr int kRounds = 200;

/// Reports only that events were lost instead of the real events.
class LossyFileSystem : public OsFileSystem {
 public:
  void drain(std::vector<WatchEvent>& events) override {
    std::vector<WatchEvent> lost;
    OsFileSystem::drain(lost);
    if (lost.empty()) return;
    WatchEvent overflow;
    overflow.overflow = true;
    events.push_back(overflow);
  }
};

enum class Mode { Watched, Unwatched, LostEvents };
struct Case {
  Mode mode;
  const char* place;  ///< a directory on the file system to test
};

class FreshnessTest : public ::testing::TestWithParam<Case> {
 protected:
  FreshnessTest() {
    std::string name = std::string(GetParam().place) + "/freshness-XXXXXX";
    const char* made = ::mkdtemp(name.data());
    top = made == nullptr ? "" : made;
    if (GetParam().mode == Mode::LostEvents)
      file_system = std::make_unique<LossyFileSystem>();
    else
      file_system = std::make_unique<OsFileSystem>(
          GetParam().mode == Mode::Watched ? OsFileSystem::Watches::Trusted : OsFileSystem::Watches::Never);
    tree = std::make_unique<FileTree>(*file_system);
  }
  ~FreshnessTest() override {
    std::error_code ignored;
    if (!top.empty()) fs::remove_all(top, ignored);
  }
  void SetUp() override {
    if (top.empty()) GTEST_SKIP() << GetParam().place << " is not writable here";
  }

  [[nodiscard]] std::string path(const std::string& name) const { return top + "/" + name; }

  /// In place: the inode stays.
  static void write(const std::string& file, const std::string& text) {
    const os::UniqueFd fd(::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
    ASSERT_TRUE(fd) << file;
    ASSERT_EQ(::write(fd.get(), text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }
  static void write_mapped(const std::string& file, const std::string& text, bool close_first) {
    os::UniqueFd fd(::open(file.c_str(), O_RDWR | O_CLOEXEC));
    ASSERT_TRUE(fd);
    void* map = ::mmap(nullptr, text.size(), PROT_READ | PROT_WRITE, MAP_SHARED, fd.get(), 0);
    ASSERT_NE(map, MAP_FAILED);
    if (close_first) fd.reset();
    text.copy(static_cast<char*>(map), text.size());
    ::munmap(map, text.size());
  }

  /// Makes a new request for `name`. Fails if its dependencies count as unchanged but the content differs.
  std::string content(const std::string& name) {
    for (int attempt = 0; attempt < 5; ++attempt) {
      const auto snapshot = tree->begin();
      const bool unchanged = !dependencies.empty() && tree->unchanged_since(dependencies, generation);
      const std::string before = remembered;
      Trace trace;
      const Entry* entry = tree->walk(nullptr, path(name), trace);
      std::string found = entry->kind == EntryKind::Missing ? "(missing)" : "(no file)";
      if (entry->kind == EntryKind::File) {
        const auto version = tree->load(*entry);
        if (!version && version.error().code == EAGAIN) continue;
        found = version ? *version->bytes : "(" + version.error().message + ")";
      }
      if (unchanged && name == remembered_name) {
        EXPECT_EQ(found, before) << "a cached reply would be stale";
      }
      dependencies = trace.consulted;
      generation = snapshot.generation();
      remembered = found;
      remembered_name = name;
      return found;
    }
    return "(kept changing)";
  }
  static std::string text_of(int round) {
    return "version " + std::to_string(1000 + round) + "\n";
  }  // equal sizes

  std::string top;
  std::unique_ptr<FileSystem> file_system;
  std::unique_ptr<FileTree> tree;
  std::vector<const Entry*> dependencies;
  std::uint64_t generation = 0;
  std::string remembered, remembered_name;
};

TEST_P(FreshnessTest, EditOfEqualSize) {
  for (int i = 0; i < kRounds; ++i) {
    write(path("x.h"), text_of(i));
    ASSERT_EQ(content("x.h"), text_of(i)) << i;
  }
}

TEST_P(FreshnessTest, EditOfEqualSizeAndTimes) {
  write(path("x.h"), text_of(0));
  struct stat st = {};
  ASSERT_EQ(::stat(path("x.h").c_str(), &st), 0);
  const timespec times[2] = {st.st_atim, st.st_mtim};
  for (int i = 0; i < kRounds; ++i) {
    write(path("x.h"), text_of(i));
    ASSERT_EQ(::utimensat(AT_FDCWD, path("x.h").c_str(), times, 0), 0);
    ASSERT_EQ(content("x.h"), text_of(i)) << i;
  }
}

TEST_P(FreshnessTest, AppendAndTruncate) {
  std::string text;
  write(path("x.h"), text);
  for (int i = 0; i < kRounds; ++i) {
    if (i % 20 == 19) {
      ASSERT_EQ(::truncate(path("x.h").c_str(), 5), 0);
      text.resize(5);
    } else {
      std::ofstream(path("x.h"), std::ios::app) << text_of(i);
      text += text_of(i);
    }
    ASSERT_EQ(content("x.h"), text) << i;
  }
}

TEST_P(FreshnessTest, CreateAndDelete) {
  fs::create_directory(path("d"));
  for (int i = 0; i < kRounds; ++i) {
    ASSERT_EQ(content("d/x.h"), "(missing)") << i;
    write(path("d/x.h"), text_of(i));
    ASSERT_EQ(content("d/x.h"), text_of(i)) << i;
    fs::remove(path("d/x.h"));
  }
}

TEST_P(FreshnessTest, ReplaceByRename) {
  for (int i = 0; i < kRounds; ++i) {
    write(path("x.h.new"), text_of(i));
    fs::rename(path("x.h.new"), path("x.h"));
    ASSERT_EQ(content("x.h"), text_of(i)) << i;
  }
}

TEST_P(FreshnessTest, RenameFileThereAndBack) {
  for (int i = 0; i < kRounds; ++i) {
    write(path("x.h"), text_of(i));
    ASSERT_EQ(content("x.h"), text_of(i)) << i;
    fs::rename(path("x.h"), path("y.h"));
    ASSERT_EQ(content("x.h"), "(missing)") << i;
    ASSERT_EQ(content("y.h"), text_of(i)) << i;
    fs::remove(path("y.h"));
  }
}

TEST_P(FreshnessTest, RenameDirectory) {
  fs::create_directories(path("a/b"));
  for (int i = 0; i < kRounds; ++i) {
    write(path("a/b/x.h"), text_of(i));
    ASSERT_EQ(content("a/b/x.h"), text_of(i)) << i;
    fs::rename(path("a"), path("t"));
    ASSERT_EQ(content("a/b/x.h"), "(missing)") << i;
    write(path("t/b/x.h"), text_of(i + 1));
    fs::rename(path("t"), path("a"));
    ASSERT_EQ(content("a/b/x.h"), text_of(i + 1)) << i;
  }
}

TEST_P(FreshnessTest, SwapDirectories) {
  fs::create_directories(path("a/b"));
  fs::create_directories(path("c/b"));
  for (int i = 0; i < kRounds; ++i) {
    write(path("a/b/x.h"), text_of(i));
    write(path("c/b/x.h"), text_of(i + 1));
    ASSERT_EQ(content("a/b/x.h"), text_of(i)) << i;
    fs::rename(path("a"), path("t"));
    fs::rename(path("c"), path("a"));
    fs::rename(path("t"), path("c"));
    ASSERT_EQ(content("a/b/x.h"), text_of(i + 1)) << i;
    ASSERT_EQ(content("c/b/x.h"), text_of(i)) << i;
    write(path("a/b/x.h"), text_of(i + 2));
    ASSERT_EQ(content("a/b/x.h"), text_of(i + 2)) << i;
  }
}

TEST_P(FreshnessTest, DeleteAndRecreateATree) {
  for (int i = 0; i < kRounds; ++i) {
    fs::create_directories(path("a/b"));
    write(path("a/b/x.h"), text_of(i));
    ASSERT_EQ(content("a/b/x.h"), text_of(i)) << i;
    fs::remove_all(path("a"));
    if (i % 2 == 0) {
      ASSERT_EQ(content("a/b/x.h"), "(missing)") << i;
    }
  }
}

TEST_P(FreshnessTest, ChangeTargetsOfLinks) {
  fs::create_directories(path("one"));
  fs::create_directories(path("two"));
  write(path("one/x.h"), "one");
  write(path("two/x.h"), "two");
  for (int i = 0; i < kRounds; ++i) {
    const std::string target = i % 2 == 0 ? "one" : "two";
    fs::remove(path("link"));
    fs::create_directory_symlink(target, path("link"));
    ASSERT_EQ(content("link/x.h"), target) << i;
    fs::remove(path("x.h"));
    fs::create_symlink(target + "/x.h", path("x.h"));
    ASSERT_EQ(content("x.h"), target) << i;
    fs::create_directory_symlink(i % 2 == 0 ? "two" : "one", path("new"));
    fs::rename(path("new"), path("link"));
    ASSERT_EQ(content("link/x.h"), i % 2 == 0 ? "two" : "one") << i;
  }
}

TEST_P(FreshnessTest, EditThroughAHardLink) {
  fs::create_directory(path("other"));
  for (int i = 0; i < kRounds; ++i) {
    if (i % 10 == 0) {
      fs::remove(path("x.h"));
      fs::remove(path("other/y.h"));
      write(path("x.h"), text_of(i + 500));
      ASSERT_EQ(content("x.h"), text_of(i + 500)) << i;
      fs::create_hard_link(path("x.h"), path("other/y.h"));  // the tree has seen it with one link only
    }
    write(path("other/y.h"), text_of(i));
    ASSERT_EQ(content("x.h"), text_of(i)) << i;
  }
}

TEST_P(FreshnessTest, EditThroughAMapping) {
  write(path("x.h"), text_of(0));
  for (int i = 0; i < kRounds; ++i) {
    write_mapped(path("x.h"), text_of(i), i % 2 == 0);
    ASSERT_EQ(content("x.h"), text_of(i)) << i;
  }
}

TEST_P(FreshnessTest, Permissions) {
  // Root may read everything, so the test runs as another user, who owns the files.
  constexpr uid_t kNobody = 65534;
  const bool root = ::geteuid() == 0;
  if (root) {
    ASSERT_EQ(::chown(top.c_str(), kNobody, kNobody), 0);
    ::setfsuid(kNobody);
  }
  fs::create_directory(path("d"));
  write(path("d/x.h"), "text");
  for (int i = 0; i < kRounds; ++i) {
    const std::string changed = i % 2 == 0 ? "d" : "d/x.h";
    fs::permissions(path(changed), fs::perms::none);
    ASSERT_NE(content("d/x.h"), "text") << i;
    fs::permissions(path(changed), fs::perms::owner_all);
    ASSERT_EQ(content("d/x.h"), "text") << i;
  }
  if (root) ::setfsuid(0);
}

TEST_P(FreshnessTest, ReadsAreNeverAMixtureOfTwoVersions) {
  // A writer changes the file in place all the time; each exclusive read must return exactly one version.
  constexpr std::size_t kSize = 200'000;
  write(path("x.h"), std::string(kSize, 'a'));
  std::atomic<bool> done{false};
  std::thread writer([&] {
    for (int i = 0; !done; ++i) {
      const std::string text(kSize, static_cast<char>('a' + i % 26));
      {
        const os::UniqueFd fd(::open(path("x.h").c_str(), O_WRONLY | O_CLOEXEC));
        for (std::size_t at = 0; at < kSize; at += 10'000)
          if (::pwrite(fd.get(), text.data() + at, 10'000, static_cast<off_t>(at)) < 0) return;
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
  });
  int exclusive_reads = 0;
  for (int i = 0; i < 100 && exclusive_reads < 25; ++i) {
    if (i % 25 == 0) {
      const std::string found = content("x.h");  // waits for the writer, or fails with EAGAIN
      EXPECT_TRUE(found.size() == kSize || found == "(kept changing)");
    }
    const auto read = file_system->read(path("x.h"));
    if (!read || !read->exclusive) continue;
    ++exclusive_reads;
    EXPECT_EQ(read->bytes.find_first_not_of(read->bytes[0]), std::string::npos)
        << "a mixture of two versions";
  }
  done = true;
  writer.join();
  EXPECT_GT(exclusive_reads, 0);
  write(path("x.h"), "last");
  EXPECT_EQ(content("x.h"), "last");
}

TEST_P(FreshnessTest, AFileThatAWriterKeepsOpenIsReadAgain) {
  write(path("x.h"), text_of(0));
  const os::UniqueFd fd(::open(path("x.h").c_str(), O_WRONLY | O_CLOEXEC));
  ASSERT_TRUE(fd);
  for (int i = 0; i < 4; ++i) {
    ASSERT_GT(::pwrite(fd.get(), text_of(i).data(), text_of(i).size(), 0), 0);
    ASSERT_EQ(content("x.h"), text_of(i)) << i;
  }
}

INSTANTIATE_TEST_SUITE_P(, FreshnessTest,
                         ::testing::Values(Case{Mode::Watched, "/tmp"}, Case{Mode::Unwatched, "/tmp"},
                                           Case{Mode::LostEvents, "/tmp"}, Case{Mode::Watched, "/dev/shm"},
                                           Case{Mode::Unwatched, "/dev/shm"}),
                         [](const auto& tested) {
                           const std::string place =
                               tested.param.place == std::string("/tmp") ? "Disk" : "Memory";
                           switch (tested.param.mode) {
                             case Mode::Watched:
                               return "Watched" + place;
                             case Mode::Unwatched:
                               return "Unwatched" + place;
                             default:
                               return "LostEvents" + place;
                           }
                         });

}  // namespace
}  // namespace pump::include_server
