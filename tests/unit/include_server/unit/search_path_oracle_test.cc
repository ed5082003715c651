// Compares search paths with those that the compilers print: random options over real directories, links,
// duplicates and missing names.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>

#include "pump/include_server/compiler/compiler_probe.h"
#include "pump/include_server/file_tree/file_tree.h"
#include "pump/include_server/file_tree/os_file_system.h"
#include "pump/include_server/unit/unit_builder.h"
#include "pump/os/process.h"

namespace pump::include_server {
namespace {

class SearchPathOracleTest : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    if (!os::find_program(GetParam(), std::getenv("PATH"))) GTEST_SKIP() << GetParam() << " is not installed";
    directory_ =
        std::filesystem::canonical(testing::TempDir()).string() + "/search." + std::to_string(::getpid());
    std::filesystem::remove_all(directory_);
    for (const char* name : {"a", "b/c", "p_x", "p_y", "sys/i", "sys/usr/include", "q", "d with blank"})
      std::filesystem::create_directories(directory_ + "/" + name);
    std::filesystem::create_directory_symlink("a", directory_ + "/link_to_a");
    std::filesystem::create_directory_symlink("/usr/include", directory_ + "/link_to_system");
    std::ofstream(directory_ + "/file") << "x";
    std::ofstream(directory_ + "/x.cc") << "int x;\n";
  }
  void TearDown() override {
    if (!directory_.empty()) std::filesystem::remove_all(directory_);
  }

  SearchListing oracle(const std::vector<std::string>& options) {
    os::SpawnOptions spawn;
    spawn.program = *os::find_program(GetParam(), std::getenv("PATH"));
    spawn.argv = {GetParam()};
    spawn.argv.insert(spawn.argv.end(), options.begin(), options.end());
    for (const char* word : {"-v", "-E", "x.cc", "-o", "/dev/null"}) spawn.argv.emplace_back(word);
    spawn.directory = directory_;
    spawn.environment = probe_environment(os::Environment::current());
    const auto ran = os::run(spawn, std::chrono::seconds(30));
    EXPECT_TRUE(ran.has_value());
    return ran ? parse_search_listing(ran->err) : SearchListing{};
  }

  UnitOrReason build(const std::vector<std::string>& options) {
    std::vector<std::string> argv = {GetParam()};
    argv.insert(argv.end(), options.begin(), options.end());
    for (const char* word : {"-c", "x.cc", "-o", "x.o"}) argv.emplace_back(word);
    const FileTree::Snapshot snapshot = tree_.begin();
    return builder_.build(snapshot, directory_, argv, os::Environment::current());
  }

  void compare(const std::vector<std::string>& options) {
    std::string shown = GetParam();
    for (const std::string& option : options) shown += " " + option;
    SCOPED_TRACE(shown);
    const SearchListing expected = oracle(options);
    const UnitOrReason built = build(options);
    if (!built.unit) {
      // Refused in any case: absolute directories that distccd would not find, clang's frameworks, and files.
      const bool file = built.detail.ends_with("in the search path cannot be read as a directory");
      const bool framework = std::string(GetParam()) == "clang++" && shown.find(" -F") != std::string::npos;
      EXPECT_EQ(built.give_up, framework || file ? GiveUp::NotSendable : GiveUp::AbsoluteOption)
          << built.detail;
      ++refused_;
      return;
    }
    std::vector<std::string> quote, bracket;
    const auto& directories = built.unit->search->directories;
    for (std::size_t i = 0; i < directories.size(); ++i)
      (i < built.unit->search->bracket_start ? quote : bracket).push_back(directories[i].spelled);
    EXPECT_EQ(quote, expected.quote);
    EXPECT_EQ(bracket, expected.bracket);
    ++compared_;
  }

  std::string directory_;
  OsFileSystem file_system_;
  FileTree tree_{file_system_};
  UnitBuilder builder_{tree_};
  unsigned compared_ = 0, refused_ = 0;
};

const std::vector<std::string> kDirectories = {"a",
                                               "b",
                                               "b/c",
                                               "./a",
                                               "a/",
                                               "b/../a",
                                               "link_to_a",
                                               "link_to_system",
                                               "missing",
                                               "file",
                                               ".",
                                               "d with blank",
                                               "a/missing",
                                               "/usr/include",
                                               "/usr/local/include",
                                               "q",
                                               "b//c",
                                               "..",
                                               "/usr/include/../include",
                                               "p_x",
                                               "link_to_a/"};

TEST_P(SearchPathOracleTest, RandomOptionsGiveTheCompilersSearchPath) {
  std::mt19937 random(20240501);
  const auto pick = [&](std::size_t n) {
    return std::uniform_int_distribution<std::size_t>(0, n - 1)(random);
  };
  const std::vector<std::string> names = {"-I",       "-I",      "-I",      "-isystem",
                                          "-isystem", "-iquote", "-iquote", "-idirafter"};
  for (unsigned round = 0; round < 60; ++round) {
    std::vector<std::string> options;
    for (std::size_t n = pick(8); n-- > 0;) {
      const std::string& name = names[pick(names.size())];
      const std::string& value = kDirectories[pick(kDirectories.size())];
      if (pick(2) == 0) {
        options.push_back(name + value);
      } else {
        options.insert(options.end(), {name, value});
      }
    }
    compare(options);
    if (HasFailure()) break;
  }
  EXPECT_GT(compared_, 25U);
}

TEST_P(SearchPathOracleTest, LessCommonOptionsGiveTheCompilersSearchPath) {
  const std::string here = directory_;
  const std::vector<std::vector<std::string>> cases = {
      {},
      {"-Ia", "-Ib", "-isystem", "a"},
      {"-isystem", "a", "-isystem", "b", "-isystem", "a"},
      {"-iquote", "a", "-Ia"},
      {"-iquote", "b", "-iquote", "a", "-Ia"},
      {"-iquote", "a", "-isystem", "a"},
      {"-idirafter", "a", "-isystem", "a"},
      {"-idirafter", "/usr/include"},
      {"-idirafter", "b", "-isystem", "/usr/include", "-Ia"},
      {"-iprefix", "p_", "-iwithprefix", "x", "-iwithprefixbefore", "y", "-Ia"},
      {"-iprefix", "p_", "-iwithprefixbefore", "y", "-isystem", "a", "-iwithprefix", "x"},
      {"-iprefixp_", "-iwithprefixx", "-iwithprefixbeforey"},
      {"-iprefix", "missing", "-iwithprefix", "x"},
      {"-iwithprefix", "include"},
      {"-iwithprefixbefore", "a"},
      {"--sysroot=sys", "-I=/i"},
      {"--sysroot", "sys", "-I=/i", "-isystem", "=/i"},
      {"--sysroot=sys", "-isystem=/i"},
      {"-isysroot", "sys", "-I=/i"},
      {"--sysroot=sys/", "-I=i"},
      {"--sysroot=sys", "-iquote", "=/i", "-idirafter", "=/usr/include"},
      {"-I$SYSROOT/i", "--sysroot=sys"},
      {"-I=/i"},
      {"-I", "=a"},
      {"-nostdinc"},
      {"-nostdinc", "-Ia", "-isystem", "/usr/include"},
      {"-nostdinc++"},
      {"-nostdinc++", "-isystem", "a", "-I", "/usr/include"},
      {"--include-directory=a", "--include-directory", "b", "--include-directory-after=q"},
      {"-I", ""},
      {"-m32"},
      {"-x", "c", "-Ia"},
      {"-xc++", "-Ia"},
      {"-Xpreprocessor", "-Ia", "-Ib"},
      {"-Wp,-Ia,-isystem,b", "-Iq"},
      {"-pthread", "-fopenmp", "-Ia"},
      {"-ansi", "-Ia"},
      {"-Fa", "-Ib"},
      {"-B", "sys", "-Ia"},
      {"-Bsys/", "-Ia"},
  };
  for (const auto& options : cases) compare(options);
  EXPECT_GT(compared_, cases.size() - 10);
}

TEST_P(SearchPathOracleTest, SplitByIDash) {
  if (std::string(GetParam()) != "g++") GTEST_SKIP() << "clang has no -I-";
  compare({"-Ia", "-I-", "-Ib"});
  compare({"-iquote", "b/c", "-Ia", "-I-", "-Ib"});
  compare({"-Ia", "-Ib", "-I-", "-Ia", "-isystem", "b"});
  const UnitOrReason built = build({"-Ia", "-I-", "-Ib"});
  ASSERT_TRUE(built.unit);
  EXPECT_TRUE(built.unit->search->split);
}

TEST_P(SearchPathOracleTest, NextSearchPathFollowsADirectoryThatAppearsOrBecomesALinkOrFile) {
  compare({"-Ia", "-Inew", "-isystem", "b"});
  std::filesystem::create_directories(directory_ + "/new");
  compare({"-Ia", "-Inew", "-isystem", "b"});
  std::filesystem::remove(directory_ + "/new");
  std::filesystem::create_directory_symlink("b", directory_ + "/new");
  compare({"-Ia", "-Inew", "-isystem", "b"});
  std::filesystem::remove(directory_ + "/new");
  std::ofstream(directory_ + "/new") << "a file";
  compare({"-Ia", "-Inew", "-isystem", "b"});
  EXPECT_EQ(compared_, 3U);
  EXPECT_EQ(refused_, 1U) << "new is a file";
}

TEST_P(SearchPathOracleTest, EqualSearchPathsHaveEqualIds) {
  const UnitOrReason first = build({"-Ia", "-Ib"});
  const UnitOrReason again = build({"-I", "a", "-Ib", "-Ia/missing"});
  const UnitOrReason other = build({"-Ib", "-Ia"});
  ASSERT_TRUE(first.unit && again.unit && other.unit);
  EXPECT_EQ(first.unit->search->id, again.unit->search->id);
  EXPECT_NE(first.unit->search->id, other.unit->search->id);
  EXPECT_NE(first.unit->search->id, 0U);
}

INSTANTIATE_TEST_SUITE_P(Compilers, SearchPathOracleTest, testing::Values("g++", "clang++"));

}  // namespace
}  // namespace pump::include_server
