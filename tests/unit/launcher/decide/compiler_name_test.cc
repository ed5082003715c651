#include "launcher/decide/compiler_name.h"

#include "tests/unit/launcher/fixture.h"

namespace pump::launcher {
namespace {

class CompilerNames : public Decisions {
 protected:
  CompilerNames() {
    every_program_exists = false;
    variables = {"PATH=/opt/gcc/bin:/usr/lib/distcc:/usr/bin"};
    programs = {{"/usr/bin/g++", "gcc12"},
                {"/usr/bin/g++-12", "gcc12"},
                {"/usr/bin/x86_64-linux-gnu-g++", "gcc12"},
                {"/usr/bin/aarch64-linux-gnu-g++", "gcc12"},
                {"/usr/bin/x86_64-linux-gnu-g++-12", "gcc12"},
                {"/usr/bin/aarch64-linux-gnu-g++-12", "gcc12"},
                {"/usr/bin/c++", "gcc12"},
                {"/usr/bin/clang", "clang14"},
                {"/usr/bin/clang++", "clang14"},
                {"/usr/lib/distcc/g++", "distcc"},
                {"/opt/other/arm-g++", "arm"}};
  }
  void expect_name(const std::string& compiler, const std::string& name) const {
    EXPECT_EQ(name_for_distccd(compiler, here()), name) << compiler;
  }
  void expect_none(const std::string& compiler) const {
    EXPECT_FALSE(name_for_distccd(compiler, here())) << compiler;
  }
};

TEST_F(CompilerNames, PlainNamesAndPathsInUsrBinAreUnchanged) {
  programs["/bin/g++"] = "gcc12";
  programs["/usr/bin/anything"] = "anything";
  expect_name("g++", "g++");
  expect_name("g++-12", "g++-12");
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
  programs["/usr/bin/../bin/g++"] = "gcc12";
  expect_name("/usr/bin/../bin/g++", "g++");
}

TEST_F(CompilerNames, AnotherProgramOfThatNameIsNotSent) {
  expect_none("/opt/other/arm-g++");  // not on PATH
  programs["/usr/bin/arm-g++"] = "another arm";
  expect_none("/opt/other/arm-g++");
  expect_local("/opt/other/arm-g++ -c a.cc", LocalReason::OtherCompiler);
  expect_words("/usr/bin/arm-g++ -c a.cc", "/usr/bin/arm-g++ -c a.cc");
}

TEST_F(CompilerNames, ACompilerThatHidesTheSystemsIsNotSent) {
  programs["/opt/gcc/bin/g++"] = "gcc14";
  programs["/opt/gcc/bin/x86_64-linux-gnu-g++"] = "gcc14";
  programs["/opt/gcc/bin/aarch64-linux-gnu-g++"] = "gcc14";
  programs["/opt/gcc/bin/clang++"] = "clang19";
  expect_none("g++");
  expect_none("/opt/gcc/bin/g++");
  expect_none("clang++");
  // If the system has no compiler of that name, the servers decide whether they accept it.
  programs["/opt/gcc/bin/g++-14"] = "gcc14";
  expect_name("g++-14", "g++-14");
}

TEST_F(CompilerNames, DistccsSpellingMustMeanTheSameProgram) {
  programs["/opt/gcc/bin/g++"] = "gcc14";
  programs["/opt/gcc/bin/g++-12"] = "gcc12";
#if defined(__x86_64__) || defined(__aarch64__)
  expect_none("g++");
  programs["/usr/bin/x86_64-linux-gnu-g++-12"] = programs["/usr/bin/aarch64-linux-gnu-g++-12"] =
      "gcc12 of another build";
  expect_none("g++-12");
#endif
}

TEST_F(CompilerNames, AScriptIsNotSent) {
  for (const char* name : {"clang", "g++-12", "x86_64-linux-gnu-g++", "arm-g++"})
    programs[std::string("/opt/gcc/bin/") + name] = "#!/bin/sh";
  expect_none("clang");
  expect_none("g++-12");
  expect_none("x86_64-linux-gnu-g++");
  expect_none("arm-g++");
  programs["/usr/bin/c99-gcc"] = "#!/bin/sh of the system";
  expect_none("/usr/bin/c99-gcc");
  expect_local("c99-gcc -c a.c", LocalReason::OtherCompiler);
}

TEST_F(CompilerNames, AWrapperIsNotSent) {
  programs["/usr/local/bin/clang++"] = "ccache";
  variables = {"PATH=/usr/local/bin:/usr/bin"};
  expect_none("clang++");
  expect_none("/usr/local/bin/clang++");
}

TEST_F(CompilerNames, GenericNamesAreReplacedByTheCompilersName) {
  expect_name("c++", "g++");
  expect_name("/usr/bin/c++", "/usr/bin/g++");
  programs["/usr/bin/c++"] = "clang14";
  programs["/usr/bin/cc"] = "clang14";
  expect_name("c++", "clang++");
  expect_name("cc", "clang");
  expect_name("/usr/bin/cc", "/usr/bin/clang");
  programs["/usr/bin/cc"] = "tcc";
  expect_none("cc");
  expect_none("/usr/bin/cc");
}

TEST_F(CompilerNames, AMissingCompilerIsNotSent) {
  expect_none("no-such-g++");
  expect_none("/opt/none/g++");
  expect_none("/usr/bin/none");
}

}  // namespace
}  // namespace pump::launcher
