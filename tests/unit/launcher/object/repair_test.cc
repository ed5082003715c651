// Compares repaired objects, which were compiled in a directory with a name like distccd's, with objects
// compiled in the client's directory.
#include "launcher/object/repair.h"

#include <elf.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "launcher/object/elf.h"
#include "launcher/object/string_table.h"
#include "pump/os/file_io.h"
#include "pump/os/process.h"

namespace pump::launcher::object {
namespace {

TEST(AssemblerText, IsAcceptedUnlessItNamesTheServer) {
  ClientDirectory client;
  client.physical = client.logical = "/client";
  std::string text = "\t.file \"a.c\"\n";
  EXPECT_EQ(repair(text, client).value(), Repair::NotNeeded);
  text = "\t.file \"/tmp/distccd_Ab3Xy9/client/a.c\"\n";
  EXPECT_FALSE(repair(text, client));
  std::string nothing;
  EXPECT_FALSE(repair(nothing, client));
}

using ::testing::HasSubstr;
using ::testing::Not;

class Objects : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "pump-object.XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    scratch_ = std::filesystem::canonical(name).string();
    client_.physical = client_.logical = scratch_ + "/client/dir";
    server_ = scratch_ + "/distccd_Ab3Xy9" + client_.physical;
    for (const std::string& directory : {client_.physical, server_}) {
      std::filesystem::create_directories(directory + "/inc");
      write(directory + "/inc/h.h", "#define USED 1\ninline int g(int a) { return a + USED; }\n");
      write(directory + "/a.cc",
            "#include \"inc/h.h\"\nstruct S { int field; };\nint f(int a) { S s{a}; return g(s.field); }\n");
    }
  }
  void TearDown() override { std::filesystem::remove_all(scratch_); }

  static void write(const std::string& path, const std::string& text) {
    ASSERT_TRUE(os::write_file_atomically(path, text));
  }
  /// The object; empty if the compiler does not support this.
  static std::string compile(const std::string& directory, std::vector<std::string> words) {
    const auto program = os::find_program(words.front(), "/usr/local/bin:/usr/bin:/bin");
    if (!program) return {};
    os::SpawnOptions options;
    options.program = *program;
    options.directory = directory;
    options.environment =
        os::Environment::from_strings({"PATH=/usr/local/bin:/usr/bin:/bin", "PWD=" + directory});
    for (const char* word : {"-c", "-o", "a.o"}) words.emplace_back(word);
    options.argv = std::move(words);
    const auto done = os::run(std::move(options), std::chrono::seconds(60));
    if (!done || !done->status.success()) return {};
    return os::read_file(directory + "/a.o").value_or("");
  }
  /// Compiles in both directories and expects that the repaired object equals the client's, byte for byte.
  void expect_equal(const std::vector<std::string>& words) {
    const std::string here = compile(client_.physical, words);
    std::string there = compile(server_, words);
    if (here.empty() || there.empty()) GTEST_SKIP() << words.front() << " cannot do this";
    ASSERT_NE(here, there);
    const auto done = repair(there, client_);
    ASSERT_TRUE(done) << done.error().message;
    EXPECT_EQ(*done, Repair::Done);
    EXPECT_TRUE(here == there);
  }
  /// For objects that cannot be equal because of gcc's order of .debug_str: expects that no name of the
  /// server is left, and that the object from another server directory is equal.
  void expect_same_for_all_servers(const std::vector<std::string>& words) {
    const std::string other = scratch_ + "/distccd_Zz0Qqq" + client_.physical;
    std::filesystem::create_directories(std::filesystem::path(other).parent_path());
    std::filesystem::copy(server_, other, std::filesystem::copy_options::recursive);
    std::string there = compile(server_, words);
    std::string elsewhere = compile(other, words);
    if (there.empty() || elsewhere.empty()) GTEST_SKIP() << words.front() << " cannot do this";
    ASSERT_TRUE(repair(there, client_));
    ASSERT_TRUE(repair(elsewhere, client_));
    EXPECT_TRUE(there == elsewhere);
    EXPECT_THAT(there, Not(HasSubstr("distccd_")));
  }

  std::string scratch_, server_;
  ClientDirectory client_;
};

TEST_F(Objects, GccDwarf5) {
  expect_equal({"g++", "-g", "-gdwarf-5", "a.cc"});
}
TEST_F(Objects, GccOptimised) {
  expect_equal({"g++", "-g", "-O2", "-ffunction-sections", "a.cc"});
}
TEST_F(Objects, GccMacros) {
  expect_equal({"g++", "-g3", "-gdwarf-5", "a.cc"});
}
TEST_F(Objects, GccTypeUnits) {
  expect_equal({"g++", "-g", "-gdwarf-5", "-fdebug-types-section", "a.cc"});
}
TEST_F(Objects, GccCompressed) {
  expect_equal({"g++", "-g", "-gdwarf-5", "-gz", "a.cc"});
}
TEST_F(Objects, GccCompressedAsZdebug) {
  expect_equal({"g++", "-g", "-gdwarf-5", "-gz=zlib-gnu", "a.cc"});
}
TEST_F(Objects, GccCompressedWithZstd) {
  expect_equal({"g++", "-g", "-gdwarf-5", "-Wa,--compress-debug-sections=zstd", "a.cc"});
}
TEST_F(Objects, ClangCompressedWithZstd) {
  for (const char* compiler : {"clang++", "clang++-17", "clang++-19", "clang++-22"})
    if (os::find_program(compiler, "/usr/bin") &&
        !compile(client_.physical, {compiler, "-g", "-gz=zstd", "a.cc"}).empty())
      return expect_equal({compiler, "-g", "-gdwarf-5", "-gz=zstd", "a.cc"});
  GTEST_SKIP() << "no clang++ with zstd";
}
TEST_F(Objects, SectionsWithoutBytesAreAligned) {
  for (const char* compiler : {"g++", "clang++"}) {
    for (const std::string& directory : {client_.physical, server_})
      write(directory + "/a.cc",
            "static char b[100] __attribute__((aligned(64)));\nchar* f() { return b; }\n"
            "const char* g() { return \"text\"; }\n");
    expect_equal({compiler, "-g", "-O2", "a.cc"});
  }
}
// clang's .llvm_addrsig is empty here, and its header follows those of sections that it precedes in the file.
TEST_F(Objects, EmptySectionsKeepTheirOffset) {
  for (const std::string& directory : {client_.physical, server_})
    write(directory + "/a.cc",
          "#include <array>\nint f(int a) { std::array<int, 7> v{a}; return v.at(0); }\n");
  for (const char* version : {"-gdwarf-4", "-gdwarf-5"})
    expect_equal({"clang++", "-g", version, "-O1", "a.cc"});
}
TEST_F(Objects, GccDwarf64) {
  expect_equal({"g++", "-g", "-gdwarf-5", "-gdwarf64", "a.cc"});
}
TEST_F(Objects, Gcc32Bit) {
  expect_equal({"g++", "-m32", "-g", "-gdwarf-5", "a.cc"});
}
TEST_F(Objects, GccDwarf4) {
  expect_same_for_all_servers({"g++", "-g", "-gdwarf-4", "a.cc"});
}
TEST_F(Objects, GccDwarf4Compressed) {
  expect_same_for_all_servers({"g++", "-g", "-gdwarf-4", "-gz", "a.cc"});
}
TEST_F(Objects, GccDwarf4In32Bit) {
  expect_same_for_all_servers({"g++", "-m32", "-g", "-gdwarf-4", "a.cc"});
}
TEST_F(Objects, GccDwarf2) {
  expect_same_for_all_servers({"g++", "-gdwarf-2", "a.cc"});
}
TEST_F(Objects, ClangDwarf5) {
  expect_equal({"clang++", "-g", "-gdwarf-5", "a.cc"});
}
TEST_F(Objects, ClangDwarf4) {
  expect_equal({"clang++", "-g", "-gdwarf-4", "a.cc"});
}
TEST_F(Objects, ClangCompressed) {
  expect_equal({"clang++", "-g", "-gdwarf-5", "-gz", "a.cc"});
}
TEST_F(Objects, Clang32Bit) {
  expect_equal({"clang++", "-m32", "-g", "-gdwarf-5", "a.cc"});
}
TEST_F(Objects, ClangRiscV) {
  expect_equal({"clang++", "--target=riscv64-linux-gnu", "-g", "a.cc"});
}
TEST_F(Objects, ClangBigEndian) {
  expect_equal({"clang++", "--target=powerpc64-linux-gnu", "-g", "a.cc"});
}
TEST_F(Objects, ClangBigEndian32Bit) {
  expect_equal({"clang++", "--target=powerpc-linux-gnu", "-g", "-gdwarf-4", "a.cc"});
}
TEST_F(Objects, ClangArm) {
  expect_equal({"clang++", "--target=arm-linux-gnueabi", "-g", "a.cc"});
}

TEST_F(Objects, PrefixMapsApplyToTheClientsNames) {
  client_.prefix_maps = {{client_.physical, "/X"}};
  expect_equal({"g++", "-g", "-gdwarf-5", "-ffile-prefix-map=" + client_.physical + "=/X", "a.cc"});
}

TEST_F(Objects, DirectoriesInDwarf4LineTablesAreRenamed) {
  // With an absolute source gcc 12 puts the directory into .debug_line as text.
  const std::string here = compile(client_.physical, {"g++", "-g", "-gdwarf-4", client_.physical + "/a.cc"});
  std::string there = compile(server_, {"g++", "-g", "-gdwarf-4", server_ + "/a.cc"});
  if (here.empty() || there.empty()) GTEST_SKIP() << "no g++";
  const auto done = repair(there, client_);
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_THAT(there, Not(HasSubstr("distccd_")));
  EXPECT_THAT(there, HasSubstr(client_.physical));
  EXPECT_EQ(there.size(), here.size());
}

TEST_F(Objects, TheServersDirectoryIsLearntFromAnAbsoluteSource) {
  // Outside the working directory, so no name in .debug_line is below that.
  client_.source = scratch_ + "/client/src/b.cc";
  const std::string there_source = scratch_ + "/distccd_Ab3Xy9" + client_.source;
  for (const std::string& source : {client_.source, there_source}) {
    std::filesystem::create_directories(std::filesystem::path(source).parent_path());
    write(source, "int f(int a) { return a; }\n");
  }
  const std::string here = compile(client_.physical, {"g++", "-g", "-gdwarf-4", client_.source});
  std::string there = compile(server_, {"g++", "-g", "-gdwarf-4", there_source});
  if (here.empty() || there.empty()) GTEST_SKIP() << "no g++";
  // distccd overwrites the name in .debug_str and leaves it in .debug_line.
  auto elf = Elf::parse(there);
  ASSERT_TRUE(elf);
  const std::string added = server_.substr(0, server_.size() - client_.physical.size());
  for (std::size_t i = 0; i < elf->sections().size(); ++i)
    if (elf->sections()[i].name == ".debug_str")
      for (std::size_t at; (at = elf->writable(i).find(added)) != std::string::npos;)
        elf->writable(i).replace(at, added.size(), std::string(added.size(), '/'));
  there = elf->write();
  const auto done = repair(there, client_);
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_THAT(there, Not(HasSubstr("distccd_")));
  EXPECT_EQ(there.size(), here.size());
}

TEST_F(Objects, RelativeNamesThatRemainAreAnError) {
  client_.names_relatively = [](std::string_view bytes) {
    return bytes.find(".././//p/a.cc") != std::string_view::npos;
  };
  write(client_.physical + "/a.cc", "const char* text() { return \".././//p/a.cc\"; }\n");
  std::string object = compile(client_.physical, {"g++", "a.cc"});
  EXPECT_FALSE(repair(object, client_));
}

TEST_F(Objects, SumsOfEditedFilesAreAnError) {
  client_.edited_files = true;
  for (const char* more : {"-O2", "-gz", "-gdwarf64"}) {
    std::string object = compile(server_, {"clang++", "-g", "-gdwarf-5", more, "a.cc"});
    EXPECT_TRUE(object.empty() || !repair(object, client_)) << more;
    for (const char* compiler : {"g++", "clang++"}) {
      const bool gcc = compiler[0] == 'g';
      std::string without = compile(server_, {compiler, "-g", gcc ? "-gdwarf-5" : "-gdwarf-4", more, "a.cc"});
      EXPECT_TRUE(without.empty() || repair(without, client_)) << compiler << more;
    }
  }
  std::string none = compile(server_, {"g++", "a.cc"});
  EXPECT_TRUE(none.empty() || repair(none, client_));
}

TEST_F(Objects, RecordedCommandLinesGiveEnotsup) {
  for (const char* more : {"-O0", "-gz"}) {
    write(client_.physical + "/a.cc", "int a;\n");
    std::string object = compile(client_.physical, {"clang++", "-g", more, "-grecord-command-line", "-MD",
                                                    "-MF", scratch_ + "/distccd_0123abcd.d", "a.cc"});
    if (object.empty()) GTEST_SKIP() << "no clang++";
    const auto done = repair(object, client_);
    ASSERT_FALSE(done) << more;
    EXPECT_EQ(done.error().code, ENOTSUP) << more;
  }
}

TEST_F(Objects, OverwrittenDirectoriesAreRenamed) {
  const std::string here = compile(client_.physical, {"clang++", "-g", "-gdwarf-4", "a.cc"});
  std::string there = compile(server_, {"clang++", "-g", "-gdwarf-4", "a.cc"});
  if (here.empty()) GTEST_SKIP() << "no clang++";
  const std::string added = server_.substr(0, server_.size() - client_.physical.size());
  for (std::size_t at; (at = there.find(added)) != std::string::npos;)
    there.replace(at, added.size(), std::string(added.size(), '/'));
  ASSERT_TRUE(repair(there, client_));
  EXPECT_TRUE(here == there);
}

TEST_F(Objects, ObjectsWithoutServerNamesAreUnchanged) {
  std::string object = compile(client_.physical, {"g++", "-g", "a.cc"});
  const std::string before = object;
  const auto done = repair(object, client_);
  ASSERT_TRUE(done);
  EXPECT_EQ(*done, Repair::NotNeeded);
  EXPECT_TRUE(object == before);
}

TEST_F(Objects, OtherDirectoriesOfDistccdAreAnError) {
  write(server_ + "/a.cc", "const char* text() { return \"" + server_ + "/x\"; }\n");
  std::string object = compile(server_, {"g++", "-g", "a.cc"});
  const std::string before = object;
  const auto done = repair(object, client_);
  ASSERT_FALSE(done);
  EXPECT_THAT(done.error().message, HasSubstr(".rodata"));
  EXPECT_TRUE(object == before);
}

TEST_F(Objects, ACommandLineInTheProducerIsAnError) {
  std::string object =
      compile(server_, {"clang++", "-g", "-grecord-command-line", "-I" + server_ + "/inc", "a.cc"});
  if (object.empty()) GTEST_SKIP() << "no clang++";
  EXPECT_FALSE(repair(object, client_));
}

/// Changes the alignment in the compression headers of the debug sections.
void set_compressed_alignment(std::string& object, std::uint64_t alignment) {
  const auto elf = Elf::parse(object);
  ASSERT_TRUE(elf);
  for (const Section& section : elf->sections())
    if ((section.flags & SHF_COMPRESSED) != 0) elf->format().put(object, section.offset + 16, 8, alignment);
}

TEST_F(Objects, AlignmentsOfCompressedSectionsAreBounded) {
  const std::string object = compile(server_, {"g++", "-g", "-gz", "a.cc"});
  if (object.empty()) GTEST_SKIP() << "no g++";
  for (const unsigned bits : {21U, 31U, 60U, 63U}) {
    std::string hostile = object;
    set_compressed_alignment(hostile, std::uint64_t{1} << bits);
    const auto done = repair(hostile, client_);
    ASSERT_FALSE(done) << bits;
    EXPECT_THAT(done.error().message, HasSubstr("alignment")) << bits;
  }
}

TEST_F(Objects, SizesOfCompressedSectionsAreBoundedTogether) {
  const std::string object = compile(server_, {"g++", "-g", "-gz", "a.cc"});
  if (object.empty()) GTEST_SKIP() << "no g++";
  std::string hostile = object;
  const auto elf = Elf::parse(object);
  ASSERT_TRUE(elf);
  for (const Section& section : elf->sections())
    if ((section.flags & SHF_COMPRESSED) != 0) elf->format().put(hostile, section.offset + 8, 8, 1U << 30U);
  const auto done = repair(hostile, client_);
  ASSERT_FALSE(done);
  EXPECT_THAT(done.error().message, HasSubstr("implausibly large"));
}

TEST_F(Objects, SectionsThatOverlapAreAnError) {
  const std::string object = compile(server_, {"g++", "-g", "a.cc"});
  if (object.empty()) GTEST_SKIP() << "no g++";
  std::string hostile = object;
  const auto elf = Elf::parse(object);
  ASSERT_TRUE(elf);
  const std::uint64_t table = elf->format().get(object, 40, 8);  // e_shoff
  const std::size_t last = elf->sections().size() - 1;
  elf->format().put(hostile, table + last * sizeof(Elf64_Shdr) + 24, 8,
                    elf->sections()[last].offset - 1);  // sh_offset
  const auto done = repair(hostile, client_);
  ASSERT_FALSE(done);
  EXPECT_THAT(done.error().message, HasSubstr("overlap"));
}

TEST_F(Objects, DamagedObjectsDoNotCrash) {
  const std::string whole = compile(server_, {"g++", "-g", "a.cc"});
  const std::string v4 = compile(server_, {"g++", "-g", "-gdwarf-4", server_ + "/a.cc"});
  for (const std::string& object : {whole, v4}) {
    for (std::size_t size = 0; size < object.size(); size += 37) {
      std::string cut = object.substr(0, size);
      EXPECT_FALSE(repair(cut, client_)) << size;
    }
    unsigned seed = 1;
    for (int round = 0; round < 4000; ++round) {
      std::string damaged = object;
      for (int i = 0; i < 3; ++i) {
        seed = seed * 1103515245U + 12345U;
        // Half of the changes are in the section headers at the end.
        const std::size_t area = round % 2 == 0 ? damaged.size() : 2048;
        damaged[damaged.size() - 1 - (seed >> 8U) % area] = static_cast<char>(seed >> 3U);
      }
      (void)repair(damaged, client_);
    }
  }
}

TEST_F(Objects, FilesKeepTheirModeAndLinksStayLinks) {
  if (compile(server_, {"g++", "-g", "a.cc"}).empty()) GTEST_SKIP() << "no g++";
  const std::string file = server_ + "/a.o";
  const std::string link = scratch_ + "/link.o";
  std::filesystem::permissions(file, std::filesystem::perms(0640));
  std::filesystem::create_symlink(file, link);
  const auto done = repair_file(link, client_);
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_TRUE(std::filesystem::is_symlink(link));
  EXPECT_EQ(std::filesystem::status(file).permissions(), std::filesystem::perms(0640));
  EXPECT_THAT(os::read_file(file).value_or(""), Not(HasSubstr("distccd_")));
}

// The order of gcc's table in .debug_line_str depends on the directory of the server, so several are tried.
TEST_F(Objects, AreEqualForAllServers) {
  write(client_.physical + "/types.cc", "struct S { int a; } s;\nint f() { return s.a; }\n");
  write(client_.physical + "/nothing.cc", "__asm__(\".ascii \\\"x\\\"\");\n");
  for (const char* source : {"types.cc", "nothing.cc"}) {
    const std::vector<std::string> words = {"g++", "-g", "-gdwarf-5", "-fdebug-types-section", source};
    const std::string here = compile(client_.physical, words);
    if (here.empty()) GTEST_SKIP() << "no g++";
    for (char c = 'a'; c <= 'z'; ++c) {
      const std::string server = scratch_ + "/distccd_Ab3Xy" + c + client_.physical;
      std::filesystem::create_directories(server);
      std::filesystem::copy_file(client_.physical + "/" + source, server + "/" + source,
                                 std::filesystem::copy_options::overwrite_existing);
      std::string there = compile(server, words);
      const auto done = repair(there, client_);
      ASSERT_TRUE(done) << source << ": " << done.error().message;
      EXPECT_TRUE(here == there) << source << " in " << server;
    }
  }
}

TEST(GccOrder, MatchesTheHashTable) {
  // Slots: a.c 5, b.c 9, /tmp 4, /src/project 7, "/b" 5 with a step of 1.
  EXPECT_EQ(gcc_order({}), (std::vector<std::size_t>{}));
  EXPECT_EQ(gcc_order({"a.c", "/tmp"}), (std::vector<std::size_t>{1, 0}));
  EXPECT_EQ(gcc_order({"a.c", "/src/project"}), (std::vector<std::size_t>{0, 1}));
  EXPECT_EQ(gcc_order({"b.c", "/src/project", "a.c"}), (std::vector<std::size_t>{2, 1, 0}));
  // The second string for a slot goes to the next free one: 6, which is still before 9.
  EXPECT_EQ(gcc_order({"a.c", "/b", "b.c"}), (std::vector<std::size_t>{0, 1, 2}));
  EXPECT_EQ(gcc_order({"/b", "a.c", "b.c"}), (std::vector<std::size_t>{0, 2, 1}));
}

}  // namespace
}  // namespace pump::launcher::object
