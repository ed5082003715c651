#include "pump/include_server/mirror/mirror.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <lzo/lzo1x.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <random>
#include <thread>
#include <utility>

#include "pump/include_server/mirror/mirror_root.h"
#include "pump/include_server/send_plan/line_marker.h"
#include "pump/os/file_io.h"

namespace pump::include_server {
namespace {

namespace fs = std::filesystem;

FileVersion version_of(const std::string& text, std::uint64_t order = 0) {
  FileVersion version;
  version.bytes = std::make_shared<const std::string>(text);
  version.size = text.size();
  version.hash = {std::hash<std::string>()(text), text.size()};
  version.order = order;
  return version;
}

CopyEdits with_line(std::string_view name, std::string_view prologue = {}) {
  CopyEdits edits;
  edits.line_name = name;
  edits.prologue = prologue;
  return edits;
}
CopyEdits with_padding(unsigned newlines) {
  CopyEdits edits;
  edits.padding = newlines;
  return edits;
}
CopyEdits with_replacement(std::size_t begin, std::size_t end, std::string text) {
  CopyEdits edits;
  edits.replacements = {{begin, end, std::move(text)}};
  return edits;
}

std::string unpacked(const std::string& path) {
  const auto packed = os::read_file(path);
  if (!packed) return "(unreadable: " + packed.error().message + ")";
  std::string out(4U << 20U, '\0');
  lzo_uint length = out.size();
  const int result =
      lzo1x_decompress_safe(reinterpret_cast<const unsigned char*>(packed->data()), packed->size(),
                            reinterpret_cast<unsigned char*>(out.data()), &length, nullptr);
  if (result != LZO_E_OK) return "(corrupt)";
  out.resize(length);
  return out;
}

/// The name that the distcc client makes of a path.
std::string stripped(std::string path) {
  for (int i = 0; i < 3; ++i) path.erase(0, path.find('/', 1));
  for (const std::string_view suffix : {".abs", ".lzo"})
    if (path.ends_with(suffix)) path.resize(path.size() - suffix.size());
  return path;
}

/// A directory of two levels, as $DISTCC_CLIENT_TMP may be.
class MirrorTest : public ::testing::Test {
 protected:
  MirrorTest() {
    std::string name = "/tmp/mirror-test-XXXXXX";
    base = ::mkdtemp(name.data());
  }
  ~MirrorTest() override { fs::remove_all(base); }
  std::unique_ptr<Mirror> make() {
    auto made = Mirror::create(base);
    EXPECT_TRUE(made) << made.error().message;
    return *std::move(made);
  }
  std::size_t entries_in_base() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(base), fs::directory_iterator()));
  }
  std::string base;
};

TEST_F(MirrorTest, PathsBecomeRealPathsWhenThreeComponentsAreStripped) {
  const auto mirror = make();
  const auto path = mirror->file("/home/u/x.h", version_of("text\n"));
  ASSERT_TRUE(path) << path.error().message;
  EXPECT_EQ(*path, mirror->root() + "/home/u/x.h.lzo");
  EXPECT_EQ(stripped(*path), "/home/u/x.h");
  EXPECT_EQ(unpacked(*path), "text\n");
  struct stat st = {};
  ASSERT_EQ(::stat(mirror->root().c_str(), &st), 0);
  EXPECT_EQ(st.st_mode & 07777U, 0700U);
  ASSERT_EQ(::stat((mirror->root() + "/home").c_str(), &st), 0);
  EXPECT_EQ(st.st_mode & 07777U, 0700U);
}

TEST_F(MirrorTest, RootsHaveThreeComponentsInEveryBase) {
  for (const std::string& tmp : {std::string(), std::string("/tmp"), std::string("//tmp/./"), base + "/"}) {
    const auto mirror = Mirror::create(tmp);
    ASSERT_TRUE(mirror) << mirror.error().message;
    const std::string& root = (*mirror)->root();
    EXPECT_EQ(std::count(root.begin(), root.end(), '/'), 3) << root;
    EXPECT_NE(root.find(".include_server-" + std::to_string(::getpid()) + "-1"), std::string::npos) << root;
  }
  EXPECT_EQ(Mirror::create("relative/tmp").error().code, EINVAL);
  EXPECT_EQ(Mirror::create("/a/b/c").error().code, EINVAL);
  EXPECT_EQ(Mirror::create("/tmp/../tmp").error().code, EINVAL);
  EXPECT_FALSE(Mirror::create("/nonexistent-directory"));
}

TEST_F(MirrorTest, CopiesDecompressToTheSameBytes) {
  const auto mirror = make();
  std::mt19937 random(7);
  for (const std::size_t size : {0U, 1U, 3U, 100U, 65536U, 3U << 20U}) {
    std::string noise(size, '\0');
    for (char& c : noise) c = static_cast<char>(random());
    const std::string text(size, 'x');
    const auto a = mirror->file("/noise" + std::to_string(size), version_of(noise));
    const auto b = mirror->file("/text" + std::to_string(size), version_of(text));
    ASSERT_TRUE(a && b);
    EXPECT_EQ(unpacked(*a), noise);
    EXPECT_EQ(unpacked(*b), text);
  }
}

TEST_F(MirrorTest, WritesEachVersionOnce) {
  const auto mirror = make();
  const auto first = mirror->file("/x.h", version_of("a"));
  ASSERT_TRUE(first);
  const std::uint64_t bytes = mirror->bytes();
  EXPECT_GT(bytes, 0U);
  ASSERT_TRUE(os::write_file_atomically(*first, "marker"));
  EXPECT_EQ(mirror->file("/x.h", version_of("a")).value(), *first);
  EXPECT_EQ(mirror->find("/x.h", version_of("a").hash).value(), *first);
  EXPECT_FALSE(mirror->find("/x.h", version_of("b").hash));
  EXPECT_FALSE(mirror->find("/x.h", version_of("a").hash, with_line("/spelled")));
  EXPECT_EQ(os::read_file(*first).value(), "marker");
  EXPECT_EQ(mirror->bytes(), bytes);
}

TEST_F(MirrorTest, ALaterVersionReplacesTheCopyByRename) {
  const auto mirror = make();
  const auto before = mirror->file("/x.h", version_of("old", 1));
  ASSERT_TRUE(before);
  const os::UniqueFd reader(::open(before->c_str(), O_RDONLY | O_CLOEXEC));
  const auto after = mirror->file("/x.h", version_of("new and longer", 2));
  ASSERT_TRUE(after);
  EXPECT_EQ(*after, *before);
  EXPECT_EQ(unpacked(*after), "new and longer");
  EXPECT_EQ(unpacked("/proc/self/fd/" + std::to_string(reader.get())), "old") << "a reader sees one version";
  EXPECT_EQ(mirror->bytes(), fs::file_size(*after));
}

TEST_F(MirrorTest, AnEarlierVersionDoesNotReplaceALaterOne) {
  const auto mirror = make();
  const auto current = mirror->file("/x.h", version_of("new", 3));
  const auto outdated = mirror->file("/x.h", version_of("old", 1));
  ASSERT_TRUE(current && outdated);
  EXPECT_EQ(unpacked(*current), "new");
  EXPECT_EQ(unpacked(*outdated), "old");
  EXPECT_EQ(stripped(*outdated), "/x.h");
  EXPECT_EQ(mirror->file("/x.h", version_of("old", 1)).value(), *outdated);
  EXPECT_EQ(mirror->file("/x.h", version_of("less old", 2)).value(), *outdated);
  EXPECT_EQ(unpacked(*current), "new");
}

// An edit is reverted while a request with the edited version is being answered.
TEST_F(MirrorTest, AVersionThatIsCurrentAgainIsNotReplacedByTheOneInBetween) {
  const auto mirror = make();
  const FileVersion one = version_of("one", 1), two = version_of("two", 2), one_again = version_of("one", 3);
  const std::string path = mirror->file("/x.h", one).value();
  EXPECT_EQ(mirror->find("/x.h", one_again.hash, {}, one_again.order).value(), path);
  const auto late = mirror->file("/x.h", two);
  ASSERT_TRUE(late);
  EXPECT_NE(*late, path);
  EXPECT_EQ(unpacked(path), "one");
  EXPECT_EQ(unpacked(*late), "two");
}

TEST_F(MirrorTest, AVersionOlderThanTheOutdatedOneFailsWithEagain) {
  const auto mirror = make();
  ASSERT_TRUE(mirror->file("/x.h", version_of("new", 3)));
  const std::string outdated = mirror->file("/x.h", version_of("old", 2)).value();
  const auto oldest = mirror->file("/x.h", version_of("oldest", 1));
  ASSERT_FALSE(oldest);
  EXPECT_EQ(oldest.error().code, EAGAIN);
  EXPECT_EQ(unpacked(outdated), "old");
}

TEST_F(MirrorTest, TryFileReplacesNothing) {
  const auto mirror = make();
  EXPECT_TRUE(mirror->try_file("/x.h", version_of("first", 1), {}));
  const std::string path = mirror->find("/x.h", version_of("first").hash).value();
  EXPECT_EQ(unpacked(path), "first");
  EXPECT_FALSE(mirror->try_file("/x.h", version_of("second", 2), {}));
  EXPECT_EQ(unpacked(path), "first");
  const CopyEdits edits = with_line("/x.h", "#pragma x\n");
  EXPECT_TRUE(mirror->try_file("/x.h", version_of("first", 1), edits));
  EXPECT_EQ(unpacked(mirror->find("/x.h", version_of("first").hash, edits).value()),
            unpacked(mirror->file("/x.h", version_of("first"), edits).value()));
}

TEST_F(MirrorTest, CopiesOfOneFileWithOtherEditsExistSideBySide) {
  const auto mirror = make();
  const FileVersion version = version_of("int x;\n");
  const std::string plain = mirror->file("/p/x.h", version).value();
  const std::string one = mirror->file("/p/x.h", version, with_line("/p/x.h")).value();
  const std::string two = mirror->file("/p/x.h", version, with_line("/p/../p/x.h")).value();
  const std::string padded = mirror->file("/p/x.h", version, with_padding(2)).value();
  EXPECT_EQ(one, mirror->root() + "/p/x.h.lzo.abs");
  for (const std::string& path : {plain, one, two, padded}) EXPECT_EQ(stripped(path), "/p/x.h");
  EXPECT_EQ(unpacked(plain), "int x;\n");
  EXPECT_EQ(unpacked(one), "#line 1 \"/p/x.h\"\nint x;\n");
  EXPECT_EQ(unpacked(two), "#line 1 \"/p/../p/x.h\"\nint x;\n");
  EXPECT_EQ(unpacked(padded), "int x;\n\n\n");
}

TEST_F(MirrorTest, CopiesWithOtherReplacementsExistSideBySide) {
  const auto mirror = make();
  const FileVersion version = version_of("#include \"/a.h\"\n", 5);
  const auto first = mirror->file("/w/x.h", version, with_replacement(9, 15, "\"../a.h\""));
  const auto second = mirror->file("/w/x.h", version);
  ASSERT_TRUE(first && second);
  EXPECT_NE(*first, *second);
  EXPECT_EQ(unpacked(*first), "#include \"../a.h\"\n");
  EXPECT_EQ(unpacked(*second), *version.bytes);
  // A copy that was sent never becomes other bytes of the same version: neither without replacements nor
  // with the same text in another place.
  const auto third = mirror->file("/w/x.h", version_of("#include \"../b.h\"\n", 5));
  ASSERT_TRUE(third);
  EXPECT_NE(*third, *second);
  EXPECT_EQ(unpacked(*second), *version.bytes);
  const auto fourth = mirror->file("/w/x.h", version, with_replacement(0, 15, "\"../a.h\""));
  ASSERT_TRUE(fourth);
  EXPECT_NE(*fourth, *first);
  EXPECT_EQ(unpacked(*first), "#include \"../a.h\"\n");
  EXPECT_EQ(unpacked(*fourth), "\"../a.h\"\n");
}

TEST_F(MirrorTest, MakesLinks) {
  const auto mirror = make();
  const auto link = mirror->link("/w/link", "/r/target");
  ASSERT_TRUE(link) << link.error().message;
  EXPECT_EQ(stripped(*link), "/w/link");
  EXPECT_EQ(fs::read_symlink(*link), "/r/target");
  EXPECT_EQ(mirror->link("/w/link", "/r/target").value(), *link);
  const auto other = mirror->link("/w/link", "../r/other");
  ASSERT_TRUE(other);
  EXPECT_EQ(stripped(*other), "/w/link");
  EXPECT_EQ(fs::read_symlink(*other), "../r/other");
  EXPECT_EQ(fs::read_symlink(*link), "/r/target") << "it was sent before";
}

TEST_F(MirrorTest, LimitsTheNumberOfTargetsOfOneLink) {
  const auto mirror = make();
  for (int i = 0; i < 100; ++i) {
    const std::string target = "/r/" + std::to_string(i % 50);
    const auto link = mirror->link("/w/current", target);
    ASSERT_TRUE(link) << link.error().message;
    EXPECT_EQ(fs::read_symlink(*link), target);
  }
  EXPECT_LE(entries_in_base(), 17U);
}

TEST_F(MirrorTest, MakesAReplacedLinkAgain) {
  const auto mirror = make();
  const auto first = mirror->link("/w/current", "/r/first");
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(mirror->link("/w/current", "/r/" + std::to_string(i)));
  EXPECT_NE(fs::read_symlink(*first), "/r/first");
  const auto again = mirror->link("/w/current", "/r/first");
  EXPECT_EQ(fs::read_symlink(*again), "/r/first");
}

TEST_F(MirrorTest, TheBaseMustNotContainDotDot) {
  const auto refused = mirror_base("/a/../tmp");
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("\"..\""), std::string::npos) << refused.error().message;
}

TEST_F(MirrorTest, DoesNotWriteThroughALink) {
  const auto mirror = make();
  const std::string outside = base + "/outside";
  fs::create_directory(outside);
  const std::string link = mirror->link("/w/d", outside).value();
  const auto below = mirror->file("/w/d/x.h", version_of("x"));
  ASSERT_TRUE(below) << below.error().message;
  EXPECT_EQ(stripped(*below), "/w/d/x.h");
  EXPECT_EQ(unpacked(*below), "x");
  EXPECT_TRUE(fs::is_empty(outside));
  EXPECT_EQ(fs::read_symlink(link), outside);
  const auto directory = mirror->directory("/w/d");
  ASSERT_TRUE(directory);
  EXPECT_TRUE(fs::is_empty(outside));
}

TEST_F(MirrorTest, MakesALinkInPlaceOfADirectory) {
  const auto mirror = make();
  const std::string file = mirror->file("/w/d/x.h", version_of("x")).value();
  const auto link = mirror->link("/w/d", "/r");
  ASSERT_TRUE(link) << link.error().message;
  EXPECT_EQ(stripped(*link), "/w/d");
  EXPECT_EQ(fs::read_symlink(*link), "/r");
  EXPECT_EQ(unpacked(file), "x");
}

TEST_F(MirrorTest, NamesMayEndInTheSuffixOfCopies) {
  const auto mirror = make();
  const std::string file = mirror->file("/w/x", version_of("file x")).value();
  const std::string below = mirror->file("/w/x.lzo/y", version_of("in directory x.lzo")).value();
  const std::string link = mirror->link("/w/x.lzo", "/r").value();
  EXPECT_EQ(unpacked(file), "file x");
  EXPECT_EQ(unpacked(below), "in directory x.lzo");
  EXPECT_EQ(fs::read_symlink(link), "/r");
}

TEST_F(MirrorTest, MakesForcedDirectories) {
  const auto mirror = make();
  const auto path = mirror->directory("/w/empty");
  ASSERT_TRUE(path);
  EXPECT_EQ(*path, mirror->root() + "/w/empty/forcing_technique_271828");
  EXPECT_EQ(unpacked(*path), "") << "distcc 3.4 opens and sends it";
  EXPECT_EQ(mirror->directory("/w/empty").value(), *path);
}

TEST_F(MirrorTest, NamesMayContainAnyBytes) {
  const auto mirror = make();
  for (const std::string name : {"a b", "new\nline", "\xFF\xFE", "~@&%#$=()'\"\\", "-", ".pump"}) {
    const std::string spelled = "/w/" + name;
    const auto path = mirror->file(spelled, version_of(name), with_line(spelled));
    ASSERT_TRUE(path) << name;
    EXPECT_TRUE(unpacked(*path).ends_with("\n" + name));
  }
  const auto too_long = mirror->file("/w/" + std::string(255, 'n'), version_of("x"));
  ASSERT_FALSE(too_long);
  EXPECT_EQ(too_long.error().code, ENAMETOOLONG);
  EXPECT_TRUE(mirror->file("/w/" + std::string(247, 'n'), version_of("x"), with_line("/y")));
  for (const auto& entry : fs::directory_iterator(mirror->root()))
    EXPECT_EQ(entry.path().filename(), "w") << "no temporary file is left";
}

TEST_F(MirrorTest, RemovesItselfAndNoticesRemoval) {
  {
    const auto mirror = make();
    EXPECT_TRUE(mirror->intact());
    ASSERT_TRUE(mirror->file("/x.h", version_of("x")));
    ASSERT_TRUE(mirror->file("/x.h", version_of("x"), with_line("/y.h")));
    ASSERT_TRUE(mirror->file("/x.h", version_of("x"), with_line("/z.h")));
    EXPECT_EQ(entries_in_base(), 2U);
  }
  EXPECT_EQ(entries_in_base(), 0U);
  const auto mirror = make();
  fs::remove_all(mirror->root());
  EXPECT_FALSE(mirror->intact());
  EXPECT_FALSE(mirror->file("/x.h", version_of("x")));
  fs::create_directory(mirror->root());
  EXPECT_FALSE(mirror->intact()) << "another directory of that name";
}

TEST_F(MirrorTest, WholeNoticesThatAnotherRootIsRemoved) {
  const auto mirror = make();
  const std::string first = mirror->file("/x.h", version_of("x"), with_line("/x.h")).value();
  const std::string second = mirror->file("/x.h", version_of("x"), with_line("/y.h")).value();
  EXPECT_TRUE(mirror->in_first_root(first));
  EXPECT_FALSE(mirror->in_first_root(second));
  EXPECT_TRUE(mirror->whole());
  fs::remove_all(second.substr(0, second.find("/x.h")));
  EXPECT_FALSE(mirror->whole());
  EXPECT_FALSE(mirror->intact()) << "a new mirror is needed";
}

TEST_F(MirrorTest, NoticesThatOneCopyIsRemoved) {
  for (const std::string name : {"x.h", "src/deep/y.h"}) {
    const auto mirror = make();
    const std::string path = mirror->file("/" + name, version_of("x")).value();
    ASSERT_TRUE(mirror->file("/src/other.h", version_of("x")));
    EXPECT_TRUE(mirror->intact());
    fs::remove(path);
    EXPECT_FALSE(mirror->intact()) << name;
    EXPECT_FALSE(mirror->intact()) << "for good";
  }
}

TEST_F(MirrorTest, NoticesThatADirectoryIsMovedAway) {
  const auto mirror = make();
  ASSERT_TRUE(mirror->file("/src/deep/y.h", version_of("x")));
  fs::rename(mirror->root() + "/src", base + "/away");
  EXPECT_FALSE(mirror->intact());
}

TEST_F(MirrorTest, DoesNotTakeItsOwnReplacementsForRemovals) {
  const auto mirror = make();
  for (std::uint64_t i = 1; i <= 40; ++i) {
    ASSERT_TRUE(mirror->file("/src/y.h", version_of(std::to_string(i), i)));
    ASSERT_TRUE(mirror->link("/src/link", "/r/" + std::to_string(i)));
    EXPECT_TRUE(mirror->intact());
  }
}

TEST_F(MirrorTest, AWriteNoticesThatADirectoryIsMissing) {
  for (const bool again : {false, true}) {
    const auto mirror = make();
    ASSERT_TRUE(mirror->file("/src/x.h", version_of("old", 1)));
    fs::remove_all(mirror->root() + "/src");
    EXPECT_FALSE(again ? mirror->file("/src/x.h", version_of("new", 2))
                       : mirror->file("/src/y.h", version_of("y")));
    EXPECT_FALSE(mirror->whole());
  }
}

TEST_F(MirrorTest, ReaderFindsCopiesByEntry) {
  const auto mirror = make();
  const Entry entry, other;
  const auto token = [&](const Entry& of, const FileVersion& version, const std::string& spelled,
                         unsigned padding = 0, std::string_view prologue = {}) {
    std::string reply;
    bool first_root = true;
    CopyEdits edits = with_line(spelled, prologue);
    edits.padding = padding;
    const bool known = mirror->reader().append(reply, of, version.hash, edits, first_root);
    EXPECT_EQ(known, !reply.empty());
    return reply.substr(std::min<std::size_t>(reply.size(), 12)) + (first_root ? "" : " elsewhere");
  };
  const FileVersion old = version_of("old", 1);
  EXPECT_EQ(token(entry, old, ""), "");
  const std::string plain = mirror->file("/x.h", old).value();
  const std::string named = mirror->file("/x.h", old, with_line("/x.h")).value();
  const std::string renamed = mirror->file("/x.h", old, with_line("/y.h")).value();
  EXPECT_EQ(token(entry, old, ""), "") << "before store_entry()";
  for (const char* spelled : {"", "/x.h", "/y.h"})
    mirror->store_entry(entry, "/x.h", old.hash, with_line(spelled));
  EXPECT_EQ(token(entry, old, ""), plain);
  EXPECT_EQ(token(entry, old, "/x.h"), named);
  EXPECT_EQ(token(entry, old, "/y.h"), renamed + " elsewhere");
  EXPECT_EQ(token(other, old, ""), "");
  EXPECT_EQ(token(entry, old, "/z.h"), "");
  EXPECT_EQ(token(entry, old, "", 1), "");
  EXPECT_EQ(token(entry, old, "", 0, "#line\n"), "");

  const FileVersion later = version_of("later", 2);
  ASSERT_EQ(mirror->file("/x.h", later).value(), plain);
  EXPECT_EQ(token(entry, old, ""), "") << "replaced";
  mirror->store_entry(other, "/x.h", later.hash, {});
  EXPECT_EQ(token(other, later, ""), plain);
  EXPECT_EQ(token(entry, old, "/x.h"), named) << "the other copies are of the old version";
}

TEST_F(MirrorTest, RemovesOnlyRootsOfDeadServersOfThisUser) {
  const auto alive = make();
  const std::string dead = base + "/pump-0123456789abcdef.include_server-1-1";
  fs::create_directories(dead + "/home/u");
  const std::string precious = base + "/precious";
  fs::create_directory(precious);
  const std::string link = base + "/pump-link.include_server-1-1";
  fs::create_directory_symlink(precious, link);
  fs::create_directory_symlink(precious, dead + "/home/link");
  const std::string python = base + "/tmpabc.include_server-1-1";
  fs::create_directory(python);
  const std::string foreign = base + "/pump-foreign.include_server-1-1";
  fs::create_directory(foreign);
  const bool owned_by_another = ::chown(foreign.c_str(), 12345, 12345) == 0;
  {
    const auto next = make();
    EXPECT_TRUE(alive->intact());
    EXPECT_FALSE(fs::exists(dead));
    EXPECT_TRUE(fs::is_symlink(link));
    EXPECT_TRUE(fs::exists(precious));
    EXPECT_TRUE(fs::exists(python)) << "a Python server's, which holds no lock";
    if (owned_by_another) {
      EXPECT_TRUE(fs::exists(foreign));
    }
  }
  EXPECT_TRUE(alive->intact());
}

TEST_F(MirrorTest, NoSpaceIsAnErrorUntilThereIsSome) {
  const std::string small = base + "/small";
  fs::create_directory(small);
  const std::string mount_point = "/tmp/" + fs::path(base).filename().string() + "-small";
  fs::create_directory(mount_point);
  if (::mount("tmpfs", mount_point.c_str(), "tmpfs", 0, "size=256k,mode=0700") != 0) {
    const int code = errno;
    fs::remove_all(mount_point);
    GTEST_SKIP() << "cannot mount a small tmpfs here: " << ::strerror(code);
  }
  {
    const auto made = Mirror::create(mount_point);
    ASSERT_TRUE(made) << made.error().message;
    Mirror& mirror = **made;
    std::mt19937 random(7);
    std::string noise(400U << 10U, '\0');
    for (char& c : noise) c = static_cast<char>(random());
    ASSERT_TRUE(mirror.file("/small.h", version_of("fits")));
    for (int i = 0; i < 5; ++i) {
      const auto large = mirror.file("/large.h", version_of(noise));
      ASSERT_FALSE(large);
      EXPECT_EQ(large.error().code, ENOSPC) << large.error().message;
    }
    EXPECT_EQ(std::distance(fs::directory_iterator(mirror.root()), fs::directory_iterator()), 1)
        << "no partial file";
    EXPECT_TRUE(mirror.intact());
    ASSERT_EQ(::mount("tmpfs", mount_point.c_str(), "tmpfs", MS_REMOUNT, "size=4m,mode=0700"), 0);
    const auto large = mirror.file("/large.h", version_of(noise));
    ASSERT_TRUE(large) << large.error().message;
    EXPECT_EQ(*large, mirror.root() + "/large.h.lzo");
    EXPECT_EQ(unpacked(*large), noise);
  }
  ::umount(mount_point.c_str());
  fs::remove_all(mount_point);
}

TEST_F(MirrorTest, ManyThreadsUseOneMirror) {
  const auto mirror = make();
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 200; ++i) {
        const std::string path = "/w/d" + std::to_string(i % 10) + "/x" + std::to_string(i % 40) + ".h";
        const std::string text = "version " + std::to_string(i / 40) + path;
        const auto spelled = (t % 2) != 0 ? "/spelled" + path : "";
        const auto placed =
            mirror->file(path, version_of(text, static_cast<std::uint64_t>(i)), with_line(spelled));
        EXPECT_TRUE(placed);
        EXPECT_EQ(stripped(*placed), path);
        EXPECT_TRUE(unpacked(*placed).ends_with(path));
        EXPECT_TRUE(mirror->link("/l" + path, path));
        EXPECT_TRUE(mirror->directory("/e" + path));
        EXPECT_TRUE(mirror->intact());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace pump::include_server
