#include "pump/include_server/file_tree/file_tree.h"

#include <gtest/gtest.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <future>
#include <new>
#include <thread>
#include <utility>

#include "tests/unit/include_server/file_tree/fake_file_system.h"

namespace pump::include_server {
namespace {

/// The content that a new request finds at `path`; if there is none, the reason in parentheses.
std::string content_of(FileTree& tree, const std::string& path) {
  for (int attempt = 0; attempt < 5; ++attempt) {
    const auto snapshot = tree.begin();
    Trace trace;
    const Entry* entry = tree.walk(nullptr, path, trace);
    if (entry->kind == EntryKind::Missing) return "(missing)";
    if (entry->kind != EntryKind::File) return "(no file)";
    const auto version = tree.load(*entry);
    if (version) return *version->bytes;
    if (version.error().code != EAGAIN) return "(" + version.error().message + ")";
  }
  return "(kept changing)";
}

class FileTreeTest : public ::testing::Test {
 protected:
  const Entry* walk(const std::string& path, Directory* base = nullptr) {
    trace.clear();
    return tree.walk(base, path, trace);
  }
  std::string content(const std::string& path) { return content_of(tree, path); }

  FakeFileSystem fs;
  FileTree tree{fs};
  Trace trace;
};

TEST_F(FileTreeTest, WalksAsTheKernelDoes) {
  fs.write("/w/a/x.h", "x");
  fs.write("/w/z.h", "z");
  fs.make_directory("/w/empty");
  const auto snapshot = tree.begin();
  EXPECT_EQ(walk("/w/a/x.h")->kind, EntryKind::File);
  EXPECT_EQ(walk("//w///a/./x.h")->path(), "/w/a/x.h");
  EXPECT_EQ(walk("/w/a/../z.h")->path(), "/w/z.h");
  EXPECT_EQ(walk("/../../w/z.h")->path(), "/w/z.h");
  EXPECT_EQ(walk("/w/empty/../z.h")->path(), "/w/z.h");
  EXPECT_EQ(walk("/w/missing/../z.h")->kind, EntryKind::Missing);
  EXPECT_EQ(walk("/w/z.h/../z.h")->kind, EntryKind::Missing);
  EXPECT_EQ(walk("/w/z.h/")->kind, EntryKind::Missing);
  EXPECT_EQ(walk("/w/z.h/.")->kind, EntryKind::Missing);
  EXPECT_EQ(walk("/w/a/")->kind, EntryKind::Directory);
  EXPECT_EQ(walk("/w/a/.")->path(), "/w/a");
  EXPECT_EQ(walk("")->kind, EntryKind::Missing);
  EXPECT_EQ(walk("/")->kind, EntryKind::Directory);
  EXPECT_EQ(walk("/")->path(), "/");
}

TEST_F(FileTreeTest, RelativeWalksStartAtTheBase) {
  fs.write("/w/a/x.h", "x");
  const auto snapshot = tree.begin();
  Directory* a = tree.directory(nullptr, "/w/a", trace);
  ASSERT_NE(a, nullptr);
  EXPECT_EQ(a->path(), "/w/a");
  EXPECT_EQ(a->parent()->path(), "/w");
  EXPECT_EQ(a->self(), walk("/w/a"));
  EXPECT_EQ(walk("x.h", a)->path(), "/w/a/x.h");
  EXPECT_EQ(walk("../a/x.h", a)->path(), "/w/a/x.h");
  EXPECT_EQ(walk(".", a), a->self());
  EXPECT_EQ(walk("..", a), a->parent()->self());
  EXPECT_EQ(walk("/w/a/x.h", a)->path(), "/w/a/x.h");
}

TEST_F(FileTreeTest, FollowsLinksAndRecordsThem) {
  fs.write("/r/t/x.h", "x");
  fs.write("/r/z.h", "z");
  fs.make_link("/w/link", "../r/t");
  fs.make_link("/w/again", "link");
  fs.make_link("/w/file.h", "/w/again/x.h");
  const auto snapshot = tree.begin();
  EXPECT_EQ(walk("/w/link/x.h")->path(), "/r/t/x.h");
  ASSERT_EQ(trace.links.size(), 1U);
  EXPECT_EQ(trace.links[0]->path(), "/w/link");
  EXPECT_EQ(walk("/w/link/../z.h")->path(), "/r/z.h") << "`..` is physical";
  EXPECT_EQ(walk("/w/file.h")->path(), "/r/t/x.h");
  ASSERT_EQ(trace.links.size(), 3U);
  EXPECT_EQ(walk("/w/file.h/")->kind, EntryKind::Missing);
  EXPECT_EQ(walk("/w/again/")->path(), "/r/t");
  EXPECT_EQ(tree.directory(nullptr, "/w/again", trace)->path(), "/r/t");
}

TEST_F(FileTreeTest, CountsLinksAsTheKernelDoes) {
  fs.make_link("/loop", "loop");
  fs.write("/x0", "x");
  for (int i = 1; i <= 41; ++i) fs.make_link("/x" + std::to_string(i), "x" + std::to_string(i - 1));
  const auto snapshot = tree.begin();
  EXPECT_EQ(walk("/loop")->kind, EntryKind::Missing);
  EXPECT_EQ(walk("/x40")->path(), "/x0");
  EXPECT_EQ(walk("/x41")->kind, EntryKind::Missing);
  EXPECT_EQ(walk("/" + std::string(256, 'a'))->kind, EntryKind::Missing);
  EXPECT_EQ(walk("/" + std::string(5000, '/') + "x0")->kind, EntryKind::Missing);
}

TEST_F(FileTreeTest, RecordsTheDirectoriesWalkedThrough) {
  fs.write("/w/a/b/x.h", "x");
  fs.make_directory("/w/empty");
  fs.write("/w/z.h", "z");
  const auto snapshot = tree.begin();
  Directory* w = tree.directory(nullptr, "/w", trace);
  walk("a/b/x.h", w);
  ASSERT_EQ(trace.traversed.size(), 2U);
  EXPECT_EQ(trace.traversed[0]->path(), "/w/a");
  EXPECT_EQ(trace.traversed[1]->path(), "/w/a/b");
  walk("empty/../z.h", w);
  ASSERT_EQ(trace.traversed.size(), 1U);
  EXPECT_EQ(trace.traversed[0]->path(), "/w/empty");
  walk("a/b", w);
  ASSERT_EQ(trace.traversed.size(), 1U);
}

TEST_F(FileTreeTest, DirectoriesInALinksTextAreNotTraversed) {
  fs.write("/w/a/b/x.h", "x");
  fs.make_directory("/w/empty");
  fs.make_link("/w/link", "empty/../../../w/a");
  const auto snapshot = tree.begin();
  Directory* w = tree.directory(nullptr, "/w", trace);
  EXPECT_EQ(walk("link/b/x.h", w)->path(), "/w/a/b/x.h");
  ASSERT_EQ(trace.traversed.size(), 2U);
  EXPECT_EQ(trace.traversed[0]->path(), "/w/a");
  EXPECT_EQ(trace.traversed[1]->path(), "/w/a/b");
}

TEST_F(FileTreeTest, TheRootIsTraversedIfDotsLeadAboveIt) {
  fs.write("/w/x.h", "x");
  const auto snapshot = tree.begin();
  Directory* w = tree.directory(nullptr, "/w", trace);
  EXPECT_EQ(walk("../w/x.h", w)->path(), "/w/x.h");
  ASSERT_EQ(trace.traversed.size(), 1U);
  EXPECT_EQ(walk("../../w/x.h", w)->path(), "/w/x.h");
  ASSERT_EQ(trace.traversed.size(), 2U);
  EXPECT_EQ(trace.traversed[0]->self(), nullptr);
}

TEST_F(FileTreeTest, MissingNamesAreDependencies) {
  fs.make_directory("/w");
  std::uint64_t generation = 0;
  {
    const auto snapshot = tree.begin();
    generation = snapshot.generation();
    EXPECT_EQ(walk("/w/sub/x.h")->kind, EntryKind::Missing);
    EXPECT_TRUE(tree.unchanged_since(trace.consulted, generation));
  }
  fs.write("/w/other.h", "unrelated");
  {
    const auto snapshot = tree.begin();
    EXPECT_TRUE(tree.all_unchanged_since(generation)) << "names never looked up change nothing";
    EXPECT_TRUE(tree.unchanged_since(trace.consulted, generation));
  }
  fs.write("/w/sub/x.h", "now");
  const auto snapshot = tree.begin();
  EXPECT_FALSE(tree.unchanged_since(trace.consulted, generation));
  EXPECT_EQ(walk("/w/sub/x.h")->kind, EntryKind::File);
}

TEST_F(FileTreeTest, ReadsEachVersionOnce) {
  fs.write("/x.h", "one");
  const auto snapshot = tree.begin();
  const Entry* entry = walk("/x.h");
  const auto first = tree.load(*entry);
  const auto second = tree.load(*entry);
  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->bytes, second->bytes);
  EXPECT_EQ(*first->bytes, "one");
  EXPECT_EQ(first->size, 3U);
  EXPECT_EQ(fs.read_calls(), 1);
  const auto hash = tree.hash(*entry);
  ASSERT_TRUE(hash);
  EXPECT_EQ(*hash, first->hash);
  EXPECT_EQ(fs.read_calls(), 1);
}

TEST_F(FileTreeTest, TrimKeepsBytesInUse) {
  fs.write("/a.h", "a");
  fs.write("/b.h", "b");
  const auto snapshot = tree.begin();
  const Entry* a = walk("/a.h");
  const Entry* b = walk("/b.h");
  const auto held = tree.load(*a);
  ASSERT_TRUE(held);
  ASSERT_TRUE(tree.load(*b));
  tree.trim();
  EXPECT_EQ(tree.load(*a)->bytes, held->bytes);
  EXPECT_EQ(fs.read_calls(), 2);
  EXPECT_EQ(*tree.load(*b)->bytes, "b");
  EXPECT_EQ(fs.read_calls(), 3);
  EXPECT_TRUE(tree.hash(*b));
}

TEST_F(FileTreeTest, LoadReportsErrors) {
  fs.write("/x.h", "x");
  fs.make_directory("/d");
  fs.make_other("/fifo");
  fs.write("/secret.h", "s");
  fs.chmod("/secret.h", 0);
  const auto snapshot = tree.begin();
  EXPECT_EQ(tree.load(*walk("/gone.h")).error().code, ENOENT);
  EXPECT_EQ(tree.load(*walk("/d")).error().code, EINVAL);
  EXPECT_EQ(tree.load(*walk("/fifo")).error().code, EINVAL);
  EXPECT_EQ(tree.load(*walk("/secret.h")).error().code, EACCES);
  const Entry* entry = walk("/x.h");
  fs.write("/x.h", "longer");
  EXPECT_EQ(tree.load(*entry).error().code, EAGAIN);
}

TEST_F(FileTreeTest, AChangeDuringARequestIsSeenByTheNextRequestOnly) {
  fs.write("/w/x.h", "one");
  const Entry* before = nullptr;
  {
    const auto snapshot = tree.begin();
    before = walk("/w/x.h");
    ASSERT_TRUE(tree.load(*before));
    fs.write("/w/x.h", "two");
    std::thread([&] { EXPECT_EQ(content("/w/x.h"), "two"); }).join();
    EXPECT_EQ(walk("/w/x.h"), before) << "a request uses the same version to its end";
    EXPECT_EQ(*tree.load(*before)->bytes, "one");
    EXPECT_GT(before->changed_at.load(), snapshot.generation());
  }
  EXPECT_EQ(content("/w/x.h"), "two");
}

// Each kind of change: with watches, without them, after lost events, and when the watch limit is reached.
enum class Mode { Watched, Unwatched, LostEvents, FewWatches };

class FreshTreeTest : public FileTreeTest, public ::testing::WithParamInterface<Mode> {
 protected:
  void SetUp() override {
    fs.set_watchable(GetParam() != Mode::Unwatched);
    if (GetParam() == Mode::FewWatches) fs.set_watch_limit(3);
  }
  void changed() {
    if (GetParam() == Mode::LostEvents) fs.lose_events();
  }
  /// Walks `path` and stores its dependencies.
  void remember(const std::string& path) {
    const auto snapshot = tree.begin();
    const Entry* entry = walk(path);
    if (entry->kind == EntryKind::File) {
      ASSERT_TRUE(tree.hash(*entry));
    }
    generation = snapshot.generation();
    ASSERT_TRUE(tree.unchanged_since(trace.consulted, generation));
    dependencies = trace.consulted;
  }
  void expect_dependencies_changed() {
    changed();
    const auto snapshot = tree.begin();
    EXPECT_FALSE(tree.unchanged_since(dependencies, generation));
  }
  std::vector<const Entry*> dependencies;
  std::uint64_t generation = 0;
};

TEST_P(FreshTreeTest, Edit) {
  fs.write("/w/x.h", "one");
  remember("/w/x.h");
  fs.write("/w/x.h", "two");
  expect_dependencies_changed();
  EXPECT_EQ(content("/w/x.h"), "two");
}

TEST_P(FreshTreeTest, EditWithinOneClockTick) {
  fs.freeze_clock(true);
  fs.set_unsettled(true);  // as after a real read of a file modified so recently
  fs.write("/w/x.h", "one");
  remember("/w/x.h");
  fs.write("/w/x.h", "two");
  expect_dependencies_changed();
  EXPECT_EQ(content("/w/x.h"), "two");
}

TEST_P(FreshTreeTest, CreateAndDelete) {
  fs.make_directory("/w/a");
  remember("/w/a/x.h");
  fs.write("/w/a/x.h", "new");
  expect_dependencies_changed();
  EXPECT_EQ(content("/w/a/x.h"), "new");
  remember("/w/a/x.h");
  fs.remove("/w/a/x.h");
  expect_dependencies_changed();
  EXPECT_EQ(content("/w/a/x.h"), "(missing)");
}

TEST_P(FreshTreeTest, RenameOverAndAway) {
  fs.write("/w/x.h", "one");
  fs.write("/w/y.h", "two");
  remember("/w/x.h");
  fs.rename("/w/y.h", "/w/x.h");
  expect_dependencies_changed();
  EXPECT_EQ(content("/w/x.h"), "two");
  EXPECT_EQ(content("/w/y.h"), "(missing)");
}

TEST_P(FreshTreeTest, DirectoriesSwapped) {
  fs.write("/w/a/x.h", "one");
  fs.write("/w/b/x.h", "two");
  EXPECT_EQ(content("/w/b/x.h"), "two");
  remember("/w/a/x.h");
  fs.rename("/w/a", "/w/t");
  fs.rename("/w/b", "/w/a");
  fs.rename("/w/t", "/w/b");
  expect_dependencies_changed();
  EXPECT_EQ(content("/w/a/x.h"), "two");
  EXPECT_EQ(content("/w/b/x.h"), "one");
  fs.write("/w/a/x.h", "three");
  changed();
  EXPECT_EQ(content("/w/a/x.h"), "three") << "the new directory is watched";
}

TEST_P(FreshTreeTest, AncestorRenamedAwayAndBack) {
  fs.write("/w/a/b/c/x.h", "one");
  remember("/w/a/b/c/x.h");
  fs.rename("/w/a", "/w/t");
  fs.write("/w/t/b/c/x.h", "two");
  expect_dependencies_changed();
  EXPECT_EQ(content("/w/a/b/c/x.h"), "(missing)");
  fs.rename("/w/t", "/w/a");
  changed();
  EXPECT_EQ(content("/w/a/b/c/x.h"), "two");
}

TEST_P(FreshTreeTest, TreeDeletedAndRecreatedWithTheSameInodes) {
  fs.write("/w/a/b/x.h", "one");
  remember("/w/a/b/x.h");
  fs.remove("/w/a");
  fs.write("/w/a/b/x.h", "two");
  expect_dependencies_changed();
  EXPECT_EQ(content("/w/a/b/x.h"), "two");
  fs.write("/w/a/b/x.h", "three");
  changed();
  EXPECT_EQ(content("/w/a/b/x.h"), "three");
  fs.write("/w/a/b/y.h", "four");
  changed();
  EXPECT_EQ(content("/w/a/b/y.h"), "four");
}

TEST_P(FreshTreeTest, LinksGetOtherTargets) {
  fs.write("/r/one/x.h", "one");
  fs.write("/r/two/x.h", "two");
  fs.make_link("/w/dir", "/r/one");
  fs.make_link("/w/x.h", "../r/one/x.h");
  EXPECT_EQ(content("/w/x.h"), "one");
  remember("/w/dir/x.h");
  fs.make_link("/w/dir", "/r/two");
  fs.make_link("/w/x.h", "../r/two/x.h");
  expect_dependencies_changed();
  EXPECT_EQ(content("/w/dir/x.h"), "two");
  EXPECT_EQ(content("/w/x.h"), "two");
}

TEST_P(FreshTreeTest, EditThroughAHardLink) {
  fs.write("/w/x.h", "one");
  fs.make_hard_link("/w/x.h", "/elsewhere/y.h");
  remember("/w/x.h");
  fs.write("/elsewhere/y.h", "two");
  expect_dependencies_changed();
  EXPECT_EQ(content("/w/x.h"), "two");
}

TEST_P(FreshTreeTest, HardLinkMadeLaterThenEdited) {
  fs.write("/w/x.h", "one");
  remember("/w/x.h");
  fs.make_hard_link("/w/x.h", "/elsewhere/y.h");
  changed();
  EXPECT_EQ(content("/w/x.h"), "one");
  fs.write("/elsewhere/y.h", "two");
  changed();
  EXPECT_EQ(content("/w/x.h"), "two");
}

TEST_P(FreshTreeTest, Permissions) {
  fs.write("/w/a/x.h", "one");
  remember("/w/a/x.h");
  fs.chmod("/w/a/x.h", 0);
  expect_dependencies_changed();
  EXPECT_EQ(content("/w/a/x.h"), "(denied: /w/a/x.h)");
  fs.chmod("/w/a/x.h", 0644);
  changed();
  EXPECT_EQ(content("/w/a/x.h"), "one");
  remember("/w/a/x.h");
  fs.chmod("/w/a", 0);
  expect_dependencies_changed();
  EXPECT_EQ(content("/w/a/x.h"), "(missing)");
  fs.chmod("/w/a", 0755);
  changed();
  EXPECT_EQ(content("/w/a/x.h"), "one");
}

TEST_P(FreshTreeTest, FileAndDirectoryReplaceEachOther) {
  fs.write("/w/x.h", "one");
  remember("/w/x.h");
  fs.remove("/w/x.h");
  fs.write("/w/x.h/y.h", "inside");
  expect_dependencies_changed();
  EXPECT_EQ(content("/w/x.h"), "(no file)");
  EXPECT_EQ(content("/w/x.h/y.h"), "inside");
  fs.remove("/w/x.h");
  fs.write("/w/x.h", "two");
  changed();
  EXPECT_EQ(content("/w/x.h"), "two");
  EXPECT_EQ(content("/w/x.h/y.h"), "(missing)");
}

TEST_P(FreshTreeTest, DependenciesStayUnchangedWithoutAChange) {
  fs.write("/w/x.h", "one");
  fs.make_link("/w/l.h", "x.h");
  remember("/w/l.h");
  for (int i = 0; i < 3; ++i) {
    changed();
    const auto snapshot = tree.begin();
    EXPECT_TRUE(tree.unchanged_since(dependencies, generation));
  }
  EXPECT_EQ(fs.read_calls(), 1);
}

INSTANTIATE_TEST_SUITE_P(, FreshTreeTest,
                         ::testing::Values(Mode::Watched, Mode::Unwatched, Mode::LostEvents,
                                           Mode::FewWatches),
                         [](const auto& mode) {
                           switch (mode.param) {
                             case Mode::Watched:
                               return "Watched";
                             case Mode::Unwatched:
                               return "Unwatched";
                             case Mode::LostEvents:
                               return "LostEvents";
                             default:
                               return "FewWatches";
                           }
                         });

TEST_F(FileTreeTest, UnsettledContentIsReadAtEachRequestUntilItSettles) {
  fs.set_watchable(false);
  fs.set_unsettled(true);
  fs.write("/x.h", "one");
  EXPECT_EQ(content("/x.h"), "one");
  EXPECT_EQ(content("/x.h"), "one");
  const int reads = fs.read_calls();
  EXPECT_GE(reads, 2);
  fs.set_unsettled(false);
  EXPECT_EQ(content("/x.h"), "one");
  const int settled = fs.read_calls();
  EXPECT_EQ(content("/x.h"), "one");
  EXPECT_EQ(fs.read_calls(), settled);
}

TEST_F(FileTreeTest, AnUnwatchedEntryIsCheckedOncePerRequest) {
  fs.set_watchable(false);
  fs.write("/x.h", "one");
  EXPECT_EQ(content("/x.h"), "one");
  const auto snapshot = tree.begin();
  const Entry* entry = walk("/x.h");
  const int calls = fs.status_calls();
  for (int i = 0; i < 10; ++i) EXPECT_EQ(walk("/x.h"), entry);
  EXPECT_TRUE(tree.unchanged_since({entry}, snapshot.generation()));
  EXPECT_EQ(fs.status_calls(), calls);
  EXPECT_TRUE(FileTree::needs_validation({entry}));
}

TEST_F(FileTreeTest, AWatchedTreeNeedsNoStatusCalls) {
  fs.write("/w/a/x.h", "one");
  EXPECT_EQ(content("/w/a/x.h"), "one");
  const std::vector<const Entry*> dependencies = trace.consulted;
  EXPECT_FALSE(FileTree::needs_validation(dependencies));
  const int calls = fs.status_calls();
  for (int i = 0; i < 10; ++i) {
    const auto snapshot = tree.begin();
    EXPECT_TRUE(tree.unchanged_since(dependencies, snapshot.generation()));
    walk("/w/a/x.h");
  }
  EXPECT_EQ(fs.status_calls(), calls);
}

TEST_F(FileTreeTest, WatchesOfReplacedDirectoriesAreGivenBack) {
  for (int i = 0; i < 50; ++i) {
    fs.write("/w/a/b/x.h", std::to_string(i));
    EXPECT_EQ(content("/w/a/b/x.h"), std::to_string(i));
    fs.rename("/w/a", "/gone" + std::to_string(i));
    EXPECT_EQ(content("/w/a/b/x.h"), "(missing)");
  }
  EXPECT_LE(fs.watches(), 4) << "/, /w, and what is in use";
}

/// Memory runs out once, after the events have been taken from the kernel.
class FailingDrainFileSystem : public FakeFileSystem {
 public:
  bool fail_next = false;
  void drain(std::vector<WatchEvent>& events) override {
    FakeFileSystem::drain(events);
    if (std::exchange(fail_next, false)) throw std::bad_alloc();
  }
};

TEST(FileTree, NoChangeIsLostWhenMemoryRunsOut) {
  FailingDrainFileSystem fs;
  fs.write("/w/x.h", "one");
  FileTree tree(fs);
  EXPECT_EQ(content_of(tree, "/w/x.h"), "one");
  fs.write("/w/x.h", "two");
  fs.fail_next = true;
  EXPECT_THROW(content_of(tree, "/w/x.h"), std::bad_alloc);
  EXPECT_EQ(content_of(tree, "/w/x.h"), "two");
}

/// Reading one file takes as long as the test decides, as if a process kept it open for writing.
class SlowFileSystem : public FakeFileSystem {
 public:
  std::atomic<bool> slow{false}, waiting{false};
  Expected<Content> read(const std::string& path) override {
    if (path == "/w/open.h" && slow) {
      waiting = true;
      slow.wait(true);
    }
    return FakeFileSystem::read(path);
  }
};

TEST(FileTree, ASlowReadDoesNotBlockOtherRequests) {
  SlowFileSystem fs;
  fs.write("/w/open.h", "open");
  fs.write("/w/x.h", "one");
  fs.set_unsettled(true);
  FileTree tree(fs);
  const auto text = [&](const char* path) { return content_of(tree, path); };
  EXPECT_EQ(text("/w/open.h"), "open");
  EXPECT_EQ(text("/w/x.h"), "one");
  fs.slow = true;
  std::thread reader([&] { EXPECT_EQ(text("/w/open.h"), "open"); });
  while (!fs.waiting) std::this_thread::yield();
  // Event and name are looked up in the directory of the file that is being read.
  fs.write("/w/x.h", "two");
  auto other = std::async(std::launch::async, [&] { return text("/w/x.h"); });
  EXPECT_EQ(other.wait_for(std::chrono::seconds(20)), std::future_status::ready);
  // A request that replaces the file itself does not wait either.
  fs.write("/w/open.h", "open");
  auto third = std::async(std::launch::async, [&] { return text("/w/x.h"); });
  EXPECT_EQ(third.wait_for(std::chrono::seconds(20)), std::future_status::ready);
  fs.slow = false;
  fs.slow.notify_all();
  reader.join();
  EXPECT_EQ(other.get(), "two");
  EXPECT_EQ(third.get(), "two");
}

TEST_F(FileTreeTest, ManyThreadsUseATreeWhileItChanges) {
  constexpr int kNames = 64;
  const auto name = [](int i) { return "/w/d" + std::to_string(i % 8) + "/f" + std::to_string(i) + ".h"; };
  for (int i = 0; i < kNames; ++i) fs.write(name(i), "0");
  std::atomic<int> round{0};
  std::atomic<bool> done{false};
  std::vector<std::thread> readers;
  for (int t = 0; t < 4; ++t) {
    readers.emplace_back([&, t] {
      Trace mine;
      for (int i = t; !done; ++i) {
        const int at_least = round;
        const auto snapshot = tree.begin();
        mine.clear();
        const Entry* entry = tree.walk(nullptr, name(i % kNames), mine);
        EXPECT_EQ(entry->kind, EntryKind::File);
        const auto version = tree.load(*entry);
        if (version) {
          EXPECT_GE(std::stoi(*version->bytes) + 1, at_least);
        }
        EXPECT_EQ(tree.walk(nullptr, name(i % kNames), mine), entry);
        tree.unchanged_since(mine.consulted, snapshot.generation());
        if (i % 50 == 0) tree.trim();
      }
    });
  }
  for (int i = 1; i <= 200; ++i) {
    for (int n = 0; n < kNames; ++n) fs.write(name(n), std::to_string(i));
    round = i;
    if (i % 20 == 0) fs.lose_events();
    std::this_thread::yield();
  }
  done = true;
  for (std::thread& reader : readers) reader.join();
  for (int i = 0; i < kNames; ++i) EXPECT_EQ(content(name(i)), "200");
}

}  // namespace
}  // namespace pump::include_server
