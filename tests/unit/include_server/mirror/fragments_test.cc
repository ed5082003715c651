#include "pump/include_server/mirror/fragments.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <pthread.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <csignal>
#include <cstdio>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "pump/distcc/lzo.h"
#include "pump/include_server/send_plan/line_marker.h"

namespace pump::include_server {
namespace {

using distcc::Extent;

FileVersion version_of(const std::string& text) {
  FileVersion version;
  version.bytes = std::make_shared<const std::string>(text);
  version.size = text.size();
  version.hash = {std::hash<std::string>()(text), text.size()};
  return version;
}

std::string read(int fd, const Extent& extent) {
  std::string bytes(extent.size, '\0');
  EXPECT_EQ(::pread(fd, bytes.data(), bytes.size(), extent.offset), static_cast<ssize_t>(bytes.size()));
  return bytes;
}

/// The fragment of an uncompressed copy.
std::string fragment_of(const std::string& name, const std::string& copy) {
  const std::string packed = distcc::lzo_compress(copy).value();
  char header[64];
  (void)std::snprintf(header, sizeof header, "FILE%08zx", packed.size());
  char name_header[64];
  (void)std::snprintf(name_header, sizeof name_header, "NAME%08zx", name.size());
  return name_header + name + header + packed;
}

class FragmentsTest : public testing::Test {
 protected:
  /// A file's entry of a new version each time, as after a change.
  Entry& entry(const std::string& name) {
    entries_.push_back(std::make_unique<Entry>());
    entries_.back()->parent = &project_;
    entries_.back()->name = name;
    entries_.back()->kind = EntryKind::File;
    return *entries_.back();
  }
  /// The bytes of the fragment that file() gives.
  std::string file(const Entry& entry, const std::string& text, const CopyEdits& edits = {}) {
    const auto extent = fragments_->file(entry, version_of(text), edits);
    EXPECT_TRUE(extent) << extent.error().message;
    return extent ? read(fragments_->fd(), *extent) : "";
  }

  Directory project_{"/p", nullptr, nullptr};
  std::vector<std::unique_ptr<Entry>> entries_;
  std::shared_ptr<Fragments> fragments_ = Fragments::create().value();
};

TEST_F(FragmentsTest, AreWhatDistccdReceives) {
  EXPECT_EQ(file(entry("a.h"), "int a;\n"), fragment_of("/p/a.h", "int a;\n"));
  EXPECT_EQ(file(entry("empty.h"), ""), fragment_of("/p/empty.h", ""));
  const auto link = fragments_->link("/p/l", "../target");
  ASSERT_TRUE(link);
  EXPECT_EQ(read(fragments_->fd(), *link), "NAME00000004/p/lLINK00000009../target");
  const auto directory = fragments_->directory("/p/d");
  ASSERT_TRUE(directory);
  EXPECT_EQ(read(fragments_->fd(), *directory), "NAME0000001d/p/d/forcing_technique_271828FILE00000000");
  EXPECT_EQ(read(fragments_->fd(), *fragments_->directory("/")),
            "NAME00000019/forcing_technique_271828FILE00000000");
}

TEST_F(FragmentsTest, CopiesHaveTheirEdits) {
  const Entry& a = entry("a.h");
  const std::string text = "#include \"/x.h\"\nint a;\n";
  CopyEdits edits;
  edits.replacements = {{9, 15, "\"../x.h\""}};
  EXPECT_EQ(file(a, text, edits), fragment_of("/p/a.h", "#include \"../x.h\"\nint a;\n"));
  edits.line_name = "/p/a.h";
  edits.padding = 2;
  EXPECT_EQ(file(a, text, edits),
            fragment_of("/p/a.h", with_line_directive("#include \"../x.h\"\nint a;\n", "/p/a.h") + "\n\n"));
  EXPECT_EQ(file(a, text), fragment_of("/p/a.h", text));
}

TEST_F(FragmentsTest, EqualCopiesAreWrittenOnce) {
  const Entry& a = entry("a.h");
  EXPECT_FALSE(fragments_->find(a, version_of("int a;\n").hash, {}));
  const auto first = fragments_->file(a, version_of("int a;\n"), {});
  ASSERT_TRUE(first);
  const std::uint64_t size = fragments_->bytes();
  EXPECT_EQ(fragments_->find(a, version_of("int a;\n").hash, {}), *first);
  EXPECT_EQ(fragments_->file(a, version_of("int a;\n"), {}), *first);
  // It was touched, or an edit was undone.
  const Entry& again = entry("a.h");
  EXPECT_FALSE(Fragments::Reader(*fragments_).find(again, version_of("int a;\n").hash, {}));
  EXPECT_EQ(fragments_->find(again, version_of("int a;\n").hash, {}), *first);
  EXPECT_EQ(Fragments::Reader(*fragments_).find(again, version_of("int a;\n").hash, {}), *first);
  const Extent link = fragments_->link("/p/l", "x").value();
  EXPECT_EQ(fragments_->link("/p/l", "x").value(), link);
  const Extent directory = fragments_->directory("/p/d").value();
  EXPECT_EQ(fragments_->directory("/p/d").value(), directory);
  EXPECT_EQ(fragments_->bytes(), size + link.size + directory.size);
}

TEST_F(FragmentsTest, WhateverDiffersIsAnotherFragment) {
  const Entry& a = entry("a.h");
  const FileVersion version = version_of("int a; /* /x.h */\n");
  CopyEdits named, other_name, prologue, padded, replaced, replaced_elsewhere;
  named.line_name = "a.h";
  other_name.line_name = "b.h";
  prologue.line_name = "a.h";
  prologue.prologue = "#pragma x\n";
  padded.padding = 1;
  replaced.replacements = {{10, 14, "y"}};
  replaced_elsewhere.replacements = {{11, 14, "y"}};
  std::vector<Extent> extents;
  for (const CopyEdits& edits :
       {CopyEdits{}, named, other_name, prologue, padded, replaced, replaced_elsewhere})
    extents.push_back(fragments_->file(a, version, edits).value());
  extents.push_back(fragments_->file(a, version_of("int b;\n"), {}).value());
  extents.push_back(fragments_->file(entry("b.h"), version, {}).value());
  extents.push_back(fragments_->link("/p/l", "x").value());
  extents.push_back(fragments_->link("/p/l", "y").value());
  extents.push_back(fragments_->link("/p/m", "x").value());
  extents.push_back(fragments_->directory("/p/l").value());
  for (std::size_t i = 0; i < extents.size(); ++i)
    for (std::size_t j = 0; j < i; ++j) EXPECT_NE(extents[i].offset, extents[j].offset) << i << " " << j;
}

TEST_F(FragmentsTest, AnEditLeavesTheOldOneAsItIs) {
  const auto old = fragments_->file(entry("a.h"), version_of("int a = 1;\n"), {});
  const auto edited = fragments_->file(entry("a.h"), version_of("int a = 2;\n"), {});
  EXPECT_EQ(read(fragments_->fd(), *edited), fragment_of("/p/a.h", "int a = 2;\n"));
  EXPECT_EQ(read(fragments_->fd(), *old), fragment_of("/p/a.h", "int a = 1;\n"));
}

TEST_F(FragmentsTest, TryFileWritesWhatIsNotThere) {
  const Entry& a = entry("a.h");
  EXPECT_TRUE(fragments_->try_file(a, version_of("int a;\n"), {}));
  EXPECT_FALSE(fragments_->try_file(a, version_of("int a;\n"), {}));
  EXPECT_EQ(file(a, "int a;\n"), fragment_of("/p/a.h", "int a;\n"));
}

TEST_F(FragmentsTest, ANameThatIsTooLongForAServerIsAnError) {
  const auto extent = fragments_->link("/" + std::string(PATH_MAX - 200, 'x'), "y");
  ASSERT_FALSE(extent);
  EXPECT_EQ(extent.error().code, ENAMETOOLONG);
  EXPECT_EQ(fragments_->bytes(), 0U);
}

TEST_F(FragmentsTest, TheFileCannotBeMadeShorter) {
  ASSERT_TRUE(fragments_->link("/p/l", "x"));
  EXPECT_EQ(::ftruncate(fragments_->fd(), 0), -1);
  EXPECT_EQ(errno, EPERM);
}

TEST_F(FragmentsTest, ThreadsGetTheSameFragments) {
  constexpr int kFiles = 200;
  std::vector<const Entry*> entries;
  for (int i = 0; i < kFiles; ++i) entries.push_back(&entry(std::to_string(i)));
  const auto text = [](int i) {
    return std::string(static_cast<std::size_t>(i * 50), 'x') + std::to_string(i);
  };
  std::vector<std::vector<Extent>> results(4);
  std::vector<std::thread> threads;
  for (std::vector<Extent>& result : results)
    threads.emplace_back([&] {
      for (int i = 0; i < kFiles; ++i)
        result.push_back(
            fragments_->file(*entries[static_cast<std::size_t>(i)], version_of(text(i)), {}).value());
    });
  for (std::thread& thread : threads) thread.join();
  std::uint64_t size = 0;
  for (int i = 0; i < kFiles; ++i) {
    const Extent& extent = results[0][static_cast<std::size_t>(i)];
    EXPECT_EQ(read(fragments_->fd(), extent), fragment_of("/p/" + std::to_string(i), text(i)));
    size += extent.size;
  }
  for (const auto& result : results) EXPECT_EQ(result, results[0]);
  EXPECT_EQ(fragments_->bytes(), size);
}

/// Limits the size of files that this process writes.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t most) {
    sigset_t blocked;
    ::sigemptyset(&blocked);
    ::sigaddset(&blocked, SIGXFSZ);
    ::pthread_sigmask(SIG_BLOCK, &blocked, nullptr);
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit{most, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;
  ~FileSizeLimit() { ::setrlimit(RLIMIT_FSIZE, &before_); }

 private:
  rlimit before_{};
};

// As without memory: pwrite(2) writes a part, then fails.
TEST_F(FragmentsTest, WithoutRoomAnErrorIsReturnedAndTheOthersStay) {
  const Entry& a = entry("a.h");
  std::string text;
  for (unsigned i = 0; text.size() < 20'000; ++i) text += std::to_string(i * 7919U);
  const auto first = fragments_->file(a, version_of("int a;\n"), {});
  const std::uint64_t size = fragments_->bytes();
  {
    const FileSizeLimit limit(4096);
    const auto large = fragments_->file(a, version_of(text), {});
    ASSERT_FALSE(large);
    EXPECT_EQ(large.error().code, EFBIG);
    EXPECT_FALSE(fragments_->find(a, version_of(text).hash, {}));
    EXPECT_EQ(fragments_->bytes(), size);
    EXPECT_EQ(file(a, "int b;\n"), fragment_of("/p/a.h", "int b;\n"));
  }
  EXPECT_EQ(file(a, text), fragment_of("/p/a.h", text));
  EXPECT_EQ(read(fragments_->fd(), *first), fragment_of("/p/a.h", "int a;\n"));
}

}  // namespace
}  // namespace pump::include_server
