#include "launcher/audit/read_files.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>

#include "pump/os/file_io.h"
#include "tests/unit/os/scratch.h"

namespace pump::launcher {
namespace {

using distcc::PredictedFile;

TEST(IsAsPredicted, ComparesTheKindOfRule) {
  distcc::Prediction prediction;
  prediction.exact = true;
  for (const char* const name : {"a.cc", "b c.h", "/over/x.h"}) {
    prediction.all.add(name);
    prediction.user.add(name);
  }
  prediction.all.add("/usr/include/x.h");
  const char* const user = "a.o: a.cc b\\ c.h ..//.//..//.//over/x.h\n\nx.h:\n";
  const char* const all = "a.o: a.cc /usr/include/x.h \\\n ./b\\ c.h /over/x.h\n";
  EXPECT_TRUE(is_as_predicted({user, false}, prediction));
  EXPECT_FALSE(is_as_predicted({user, true}, prediction));
  EXPECT_TRUE(is_as_predicted({all, true}, prediction));
  EXPECT_FALSE(is_as_predicted({all, false}, prediction));
  const char* const over_cwd = "a.o: a.cc b\\ c.h /proc/self/cwd/../..///./over/x.h\n";
  EXPECT_TRUE(is_as_predicted({over_cwd, false}, prediction));
  EXPECT_FALSE(is_as_predicted({"a.o: a.cc\n", false}, prediction));
  EXPECT_FALSE(is_as_predicted({"a.o:\n", false}, prediction));
  EXPECT_TRUE(is_empty({"a.o:\n", false}));
  EXPECT_FALSE(is_empty({"a.o: a.cc", false}));
  prediction.exact = false;
  EXPECT_FALSE(is_as_predicted({user, false}, prediction));
}

class FindMisjudgement : public os::Scratch {
 protected:
  void SetUp() override {
    Scratch::SetUp();
    cwd = directory_;
    write("src/a.cc", "// a.h\n#include \"a.h\"\n# include <sys.h>\n#if X\n#import \"../inc/x.h\"\n#endif\n");
    for (const char* const name : {"inc/a.h", "inc/x.h", "inc/other.h", "sys/sys.h"}) write(name, "int i;\n");
  }
  void write(const std::string& name, const std::string& text) {
    ASSERT_EQ(
        std::system(("mkdir -p '" + cwd + "/" + name + "' && rmdir '" + cwd + "/" + name + "'").c_str()), 0);
    ASSERT_TRUE(os::write_file_atomically(cwd + "/" + name, text));
  }
  PredictedFile file(const std::string& name, bool entered = true, bool system = false) {
    return {cwd + "/" + name, entered, system};
  }
  std::string find(const std::vector<std::string>& names, bool system_headers,
                   const distcc::PredictedFiles& predicted) {
    std::string text = "a.o:";
    for (const std::string& name : names) text += " " + name;
    const HostRule rule{text, system_headers};
    const LocalFiles local{cwd, {}, [](const std::string& path) {
                             char* const real = ::realpath(path.c_str(), nullptr);
                             std::string result = real == nullptr ? "" : real;
                             std::free(real);
                             return result;
                           }};
    return find_misjudgement(rule, predicted, local, "host/4").value_or("none");
  }
  std::string cwd;
};

TEST_F(FindMisjudgement, NamesFileAndLineOfTheInclude) {
  const distcc::PredictedFiles both{true, {file("src/a.cc"), file("inc/a.h"), file("inc/x.h")}};
  const distcc::PredictedFiles one{true, {file("src/a.cc"), file("inc/a.h")}};
  EXPECT_EQ(find({"src/a.cc", "inc/a.h"}, true, both), "src/a.cc:5: host/4 did not read inc/x.h");
  EXPECT_EQ(find({"src/a.cc", "inc/a.h", "inc/x.h"}, true, one), "src/a.cc:5: host/4 read inc/x.h");
  EXPECT_EQ(find({"src/a.cc", "inc/a.h", "inc/other.h"}, true, one), "host/4 read inc/other.h");
}

TEST_F(FindMisjudgement, AListOfClangForASanitizerIsNone) {
  const distcc::PredictedFiles source{true, {file("src/a.cc")}};
  write("lib/clang/14/share/asan_ignorelist.txt", "");
  write("lib/clang/14/share/other.h", "");
  write("share/asan_ignorelist.txt", "");
  EXPECT_EQ(find({"src/a.cc", cwd + "/lib/clang/14/share/asan_ignorelist.txt"}, true, source), "none");
  EXPECT_EQ(find({"src/a.cc", "lib/clang/14/share/other.h"}, true, source),
            "host/4 read lib/clang/14/share/other.h");
  EXPECT_EQ(find({"src/a.cc", "share/asan_ignorelist.txt"}, true, source),
            "host/4 read share/asan_ignorelist.txt");
  EXPECT_EQ(find({"src/a.cc", "/usr/lib/clang/0/share/asan_ignorelist.txt"}, true, source),
            "host/4 read a file that is not here: /usr/lib/clang/0/share/asan_ignorelist.txt");
}

TEST_F(FindMisjudgement, AFileOfTheHostIsOne) {
  EXPECT_EQ(find({"src/a.cc", "/usr/include/of_the_host.h"}, true, {true, {file("src/a.cc")}}),
            "host/4 read a file that is not here: /usr/include/of_the_host.h");
}

TEST_F(FindMisjudgement, OtherNamesOfTheSameFilesAreNone) {
  EXPECT_EQ(find({"./src/../src/a.cc", cwd + "/inc//a.h", "inc/x.h"}, false,
                 {true, {file("src/a.cc"), file("inc/a.h"), file("inc/x.h")}}),
            "none");
  ASSERT_EQ(::symlink("a.h", (cwd + "/inc/link.h").c_str()), 0);
  EXPECT_EQ(find({"src/a.cc", "inc/link.h"}, false, {true, {file("src/a.cc"), file("inc/a.h")}}), "none");
}

TEST_F(FindMisjudgement, FilesThatARuleMayLeaveOutAreNone) {
  const distcc::PredictedFiles files{
      true, {file("src/a.cc"), file("sys/sys.h", true, true), file("inc/x.h", false)}};
  EXPECT_EQ(find({"src/a.cc"}, false, files), "none");
  EXPECT_EQ(find({"src/a.cc", "sys/sys.h"}, true, files), "none");
  EXPECT_EQ(find({"src/a.cc"}, true, files), "src/a.cc:3: host/4 did not read sys/sys.h");
}

TEST_F(FindMisjudgement, WhatIsNotExactMayBeMissingButNotBeMore) {
  const distcc::PredictedFiles files{false, {file("src/a.cc"), file("inc/x.h")}};
  EXPECT_EQ(find({"src/a.cc"}, true, files), "none");
  EXPECT_EQ(find({"src/a.cc", "inc/a.h"}, true, files), "src/a.cc:2: host/4 read inc/a.h");
}

}  // namespace
}  // namespace pump::launcher
