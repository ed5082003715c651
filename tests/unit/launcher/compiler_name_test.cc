#include "launcher/compiler_name.h"

#include "fixture.h"

namespace pump::launcher {
namespace {

class CompilerNames : public Decisions {
 protected:
  CompilerNames() {
    variables = {"PATH=/opt/gcc/bin:/usr/lib/distcc:/usr/bin"};
    programs = {{"/usr/bin/g++", "gcc12"},
                {"/usr/bin/x86_64-linux-gnu-g++", "gcc12"},
                {"/usr/bin/aarch64-linux-gnu-g++", "gcc12"},
                {"/usr/bin/c++", "gcc12"},
                {"/usr/bin/clang++", "clang14"},
                {"/usr/lib/distcc/g++", "distcc"},
                {"/opt/other/arm-g++", "arm"}};
  }
  void expect_name(const std::string& compiler, const std::string& name) const {
    EXPECT_EQ(name_for_distccd(compiler, here()), name) << compiler;
  }
};

TEST_F(CompilerNames, PlainNamesAndThoseOfUsrBinStay) {
  expect_name("g++", "g++");
  expect_name("c++", "c++");
  expect_name("clang++", "clang++");
  expect_name("/usr/bin/g++", "/usr/bin/g++");
  expect_name("/bin/g++", "/bin/g++");
  expect_name("/usr/bin/anything", "/usr/bin/anything");
}

TEST_F(CompilerNames, APathBecomesThePlainNameOfTheSameProgram) {
  programs["/opt/gcc/bin/arm-g++"] = "arm";
  expect_name("/opt/gcc/bin/arm-g++", "arm-g++");
  expect_name("/opt/other/arm-g++", "arm-g++");
  programs["./bin/arm-g++"] = "arm";
  expect_name("./bin/arm-g++", "arm-g++");
  programs["/usr/local/bin/g++"] = "gcc12";
  expect_name("/usr/local/bin/g++", "g++");
}

TEST_F(CompilerNames, AnotherProgramOfThatNameIsNotSent) {
  EXPECT_FALSE(name_for_distccd("/opt/other/arm-g++", here())) << "not on PATH";
  programs["/usr/bin/arm-g++"] = "another arm";
  EXPECT_FALSE(name_for_distccd("/opt/other/arm-g++", here()));
  expect_local("/opt/other/arm-g++ -c a.cc", LocalReason::OtherCompiler);
  expect_words("arm-g++ -c a.cc", "arm-g++ -c a.cc");
}

TEST_F(CompilerNames, DistccsOwnSpellingMustBeTheSameProgram) {
  programs["/opt/gcc/bin/g++"] = "gcc14";
#if defined(__x86_64__) || defined(__aarch64__)
  EXPECT_FALSE(name_for_distccd("g++", here()));
  EXPECT_FALSE(name_for_distccd("/opt/gcc/bin/g++", here()));
#endif
  programs["/opt/gcc/bin/x86_64-linux-gnu-g++"] = "gcc14";
  programs["/opt/gcc/bin/aarch64-linux-gnu-g++"] = "gcc14";
  expect_name("g++", "g++");
  expect_name("/opt/gcc/bin/g++", "g++");
}

TEST_F(CompilerNames, ClangAsTheSystemsCompilerIsNotTakenForGcc) {
  programs["/usr/bin/c++"] = "clang14";
  expect_name("c++", "c++");
}

TEST_F(CompilerNames, AMissingCompilerIsLeftToWhoRunsIt) {
  expect_name("no-such-g++", "no-such-g++");
  expect_name("/opt/none/g++", "/opt/none/g++");
}

}  // namespace
}  // namespace pump::launcher
