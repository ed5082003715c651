#include "launcher/decide/decide.h"

#include "tests/unit/launcher/fixture.h"

namespace pump::launcher {
namespace {

TEST_F(Decisions, OneCompilationIsDistributed) {
  expect_remote("g++ -c a.cc -o a.o");
  expect_remote("gcc -O2 -g -c a.c");
  expect_remote("/usr/bin/c++ -DX=1 -Iinclude -std=gnu++17 -fPIC -MD -MT a.o -MF a.o.d -o a.o -c a.cc");
  expect_remote("clang++ -S a.cc");
  expect_remote("g++ -pthread -fopenmp -Wall -Werror -march=x86-64-v3 -mtune=generic -c dir/a.cc");
}

TEST_F(Decisions, OptionsForThePreprocessorBecomePlainOnes) {
  expect_words("gcc -Xpreprocessor -DX=a,b -O2 -c a.c", "gcc -O2 -c a.c -DX=a,b");
  expect_words("gcc -Xpreprocessor -fdollars-in-identifiers -c a.c",
               "gcc -Xpreprocessor -fdollars-in-identifiers -c a.c");
  expect_words("gcc -Wp,-DX,-w -O2 -c a.c", "gcc -O2 -c a.c -Wp,-DX,-w");
  for (const char* words : {"-Xclang -DX", "-Xlinker -Lx", "-mllvm -lower-x"})
    expect_words(std::string("clang ") + words + " -O2 -c a.c",
                 std::string("clang ") + words + " -O2 -c a.c");
  expect_remote("gcc -D X -isystem /x -include y.h --param x=1 -c a.c");
}

TEST_F(Decisions, EveryLanguageOfDistccIsDistributed) {
  for (const char* file : {"x.c", "x.cc", "x.cpp", "x.cxx", "x.cp", "x.c++", "x.C", "x.m", "x.mm", "x.M"}) {
    files[file] = "int x;\n";
    expect_remote(std::string("g++ -c ") + file);
  }
}

TEST_F(Decisions, PreprocessedSourcesStayHere) {
  for (const char* file : {"x.i", "x.ii", "x.mi", "x.mii"}) {
    files[file] = "int x;\n";
    expect_local(std::string("gcc -c ") + file, LocalReason::Preprocessed);
  }
  expect_local("gcc -x cpp-output -c a.cc", LocalReason::Preprocessed);
}

TEST_F(Decisions, UnrepairableOutputsStayHere) {
  expect_local("g++ -g -S a.cc", LocalReason::DebugAssembly);
  expect_remote("g++ -S a.cc");
  expect_remote("g++ -g -g0 -S a.cc");
  expect_local("g++ -flto=auto -c a.cc", LocalReason::LinkTimeOptimisation);
  expect_remote("g++ -flto=auto -fno-lto -c a.cc");
  expect_remote("g++ -g -c a.cc");
}

TEST_F(Decisions, NamesForDebugInformation) {
  const Decision decision = decide_line(
      "g++ -g -ffile-prefix-map=/a=/b -fdebug-prefix-map=/c=d -fmacro-prefix-map=/e=f -c dir/a.cc");
  EXPECT_EQ(decision.output, "a.o");
  EXPECT_EQ(decision.client.physical, cwd);
  const std::vector<std::pair<std::string, std::string>> maps{{"/a", "/b"}, {"/c", "d"}};
  EXPECT_EQ(decision.client.prefix_maps, maps);
  EXPECT_EQ(decide_line("g++ -c a.cc -o x/y.o").output, "x/y.o");
  EXPECT_EQ(decide_line("g++ -S a.cc").output, "a.s");
  EXPECT_EQ(decide_line("g++ -gsplit-dwarf -c a.cc").output, "a.o") << "records name it";
}

TEST_F(Decisions, ClangGetsItsCompilationDirectory) {
  expect_words("clang++ -g -c a.cc",
               "clang++ -g -c a.cc -Xclang -fdebug-compilation-dir -Xclang /home/user/build");
  expect_words("clang++ -c a.cc", "clang++ -c a.cc");
  expect_words("clang++ -g -fdebug-compilation-dir=. -c a.cc",
               "clang++ -g -fdebug-compilation-dir=. -c a.cc");
  expect_words("g++ -g -c a.cc", "g++ -g -c a.cc");
}

TEST_F(Decisions, SwitchedOff) {
  variables = {"PUMP_LAUNCH=off"};
  expect_local("g++ -c a.cc", LocalReason::SwitchedOff);
  expect_local("g++ -c a.cc --coverage", LocalReason::SwitchedOff);
  expect_local("g++ -c a.cc b.cc", LocalReason::SwitchedOff);
  expect_local("g++ a.o -o a", LocalReason::Linking);
  expect_local("g++ -E a.cc", LocalReason::PreprocessOnly);
  expect_local("g++ -c conftest.c", LocalReason::ConfigureProbe);
  expect_local("g++ -c -x c++ -", LocalReason::StandardInput);
  variables = {"PUMP_LAUNCH="};
  expect_remote("g++ -c a.cc");
}

TEST_F(Decisions, CommandsThatDistccStarted) {
  variables = {"_DISTCC_SAFEGUARD=1"};
  expect_local("g++ -c a.cc", LocalReason::InsideDistcc);
}

TEST_F(Decisions, Links) {
  expect_local("g++ a.o b.o -o a", LocalReason::Linking);
  expect_local("g++ a.cc", LocalReason::Linking);
  expect_local("g++ -shared -Wl,-soname,x a.o", LocalReason::Linking);
}

TEST_F(Decisions, Queries) {
  for (const char* query : {"--version", "-v", "-###", "-dumpversion", "-dumpmachine", "-print-search-dirs",
                            "--print-file-name=x", "--help", "--target-help"})
    expect_local(std::string("g++ ") + query, LocalReason::CompilerQuery);
  expect_local("g++ -v -c a.cc", LocalReason::CompilerQuery);
}

TEST_F(Decisions, CommandsThatDoNotCompile) {
  expect_local("g++ -E a.cc", LocalReason::PreprocessOnly);
  expect_local("g++ -E -c a.cc", LocalReason::PreprocessOnly);
  expect_local("g++ -M a.cc", LocalReason::DependenciesOnly);
  expect_local("g++ -MM -c a.cc", LocalReason::DependenciesOnly);
  expect_local("g++ -fsyntax-only -c a.cc", LocalReason::SyntaxOnly);
}

TEST_F(Decisions, Inputs) {
  expect_local("g++ -c", LocalReason::NoSource);
  expect_local("g++ -c a.cc b.cc", LocalReason::SeveralSources);
  expect_local("g++ -c a.cc b.o", LocalReason::SeveralSources);
  expect_local("g++ -c -x c++ -", LocalReason::StandardInput);
  expect_local("g++ -c a.cc -o -", LocalReason::StandardOutput);
  expect_local("g++ -c a.cc -o /dev/null", LocalReason::DeviceOutput);
  expect_remote("g++ -c a.cc -o /dev/shm/build/a.o");
  expect_local("g++ -c missing.cc", LocalReason::SourceUnreadable);
  expect_local("gcc -c boot.S", LocalReason::NotDistributable);
  expect_local("gcc -c boot.s", LocalReason::NotDistributable);
  expect_local("gcc -c x.f90", LocalReason::NotDistributable);
  expect_local("g++ -x c++ -c x.inc", LocalReason::NotDistributable);
  expect_local("g++ -x c++ -c x.ii", LocalReason::Preprocessed);
  expect_local("g++ -x assembler-with-cpp -c a.c", LocalReason::NotDistributable);
  expect_local("clang++ -x cuda -c a.cc", LocalReason::NotDistributable);
}

TEST_F(Decisions, ConfigureProbes) {
  expect_local("g++ -c a.cc -o CMakeFiles/CMakeTmp/a.o", LocalReason::ConfigureProbe);
  expect_local("g++ -c a.cc -o /b/CMakeFiles/CMakeScratch/TryCompile-x/a.o", LocalReason::ConfigureProbe);
  expect_local("gcc -c testfile.c -o meson-private/tmp4x_a/output.obj", LocalReason::ConfigureProbe);
  expect_local("gcc -o .sconf_temp/conftest_352b_0.o -c .sconf_temp/conftest_352b_0.c",
               LocalReason::ConfigureProbe);
  expect_remote("gcc -c a.c -o not-meson-private/tmp4x_a/a.o");
  expect_local("g++ -c /tmp/tmpx/testfile.cpp -o /tmp/tmpx/output.obj", LocalReason::ConfigureProbe);
  expect_remote("g++ -c a.cc -o output.obj");
  expect_local("gcc -c conftest.c", LocalReason::ConfigureProbe);
  for (const char* directory : {"/b/CMakeFiles/CMakeTmp", "/b/CMakeFiles/CMakeScratch/TryCompile-jMv9Ys",
                                "/b/CMakeFiles/_CMakeLTOTest-CXX/bin"}) {
    cwd = directory;
    expect_local("g++ -c a.cc", LocalReason::ConfigureProbe);
  }
  cwd = "/b/xCMakeFiles/CMakeTmp";
  expect_remote("g++ -c a.cc -o CMakeFiles/a.dir/a.o");
}

TEST_F(Decisions, EnvironmentVariables) {
  for (const char* variable :
       {"DEPENDENCIES_OUTPUT=d", "SUNPRO_DEPENDENCIES=d", "COMPILER_PATH=/x", "CCC_OVERRIDE_OPTIONS=#+-O0",
        "GCC_COMPARE_DEBUG=-gtoggle", "CC_PRINT_OPTIONS=1"}) {
    variables = {variable};
    expect_local("g++ -c a.cc", LocalReason::EnvironmentVariable);
  }
}

TEST_F(Decisions, TimeMacros) {
  files["t.cc"] = "const char* t = __TIMESTAMP__;\n";
  expect_local("g++ -c t.cc", LocalReason::Timestamp);
  files["d.cc"] = "const char* d = __DATE__;\n";
  expect_remote("g++ -c d.cc");
  variables = {"SOURCE_DATE_EPOCH=1"};
  expect_local("g++ -c d.cc", LocalReason::BuildDate);
  expect_remote("g++ -c a.cc");
}

TEST_F(Decisions, CommandsThatDistccRefuses) {
  expect_local("gcc -flto -c a.c", LocalReason::LinkTimeOptimisation);
  files["config.c"] = "";
  expect_local("gcc -include config.c -c a.c", LocalReason::DistccRefuses);
}

TEST_F(Decisions, TheDetailNamesTheFault) {
  EXPECT_EQ(decide_line("g++ -c a.cc -gsplit-dwarf").detail, "-gsplit-dwarf");
  EXPECT_EQ(decide_line("g++ -c a.cc -Xclang -include-pch -Xclang x.pch").detail,
            "-Xclang -include-pch -Xclang x.pch");
  EXPECT_EQ(decide_line("g++ -c a.cc -o /dev/null").detail, "/dev/null");
  EXPECT_EQ(decide_line("g++ -c a.cc b.cc").detail, "b.cc");
  EXPECT_EQ(decide_line("g++ -c a.cc -save-temps=obj").detail, "-save-temps=obj");
}

TEST_F(Decisions, MalformedCommandsAreLeftToTheCompiler) {
  expect_local("g++ -c a.cc -o", LocalReason::NotUnderstood);
}

}  // namespace
}  // namespace pump::launcher
