#include "launcher/decide/dependency_file.h"

#include "tests/unit/launcher/fixture.h"

namespace pump::launcher {
namespace {

class DependencyFiles : public Decisions {
 protected:
  /// `line` is sent with the dependency options `words`.
  void expect_asks(const std::string& line, const std::string& words) const {
    const Decision decision = decide_line(line);
    ASSERT_TRUE(decision.distribute())
        << line << ": " << name(*decision.local) << " (" << decision.detail << ")";
    ASSERT_TRUE(decision.dependencies) << line;
    EXPECT_EQ(dependency_words(*decision.dependencies), words_of(words)) << line;
  }
};

TEST_F(DependencyFiles, NoneIsRequested) {
  EXPECT_FALSE(decide_line("g++ -c a.cc -o a.o").dependencies);
}

TEST_F(DependencyFiles, NameAndTargetFollowTheObject) {
  expect_asks("g++ -MD -c dir/a.cc", "-MD -MF a.d -MT a.o");
  expect_asks("g++ -MMD -c dir/a.cc -o o/x.y.o", "-MMD -MF o/x.y.d -MT o/x.y.o");
  expect_asks("g++ -MMD -c dir/a.cc -o o.x/noext", "-MMD -MF o.x/noext.d -MT o.x/noext");
  expect_asks("clang++ -MD -MP -c a.cc -oo/a.o", "-MD -MF o/a.d -MT o/a.o -MP");
  expect_asks("g++ -MD -S dir/a.cc", "-MD -MF a.d -MT a.o");
  expect_asks("gcc --write-user-dependencies -c a.c", "-MMD -MF a.d -MT a.o");
}

TEST_F(DependencyFiles, GivenNamesAndTargetsAreKept) {
  expect_asks("g++ -MD -MT t -MF x/y -c a.cc -o o/a.o", "-MD -MF x/y -MT t");
  expect_asks("g++ -MTt -MD -MP -MFx.d -c a.cc", "-MD -MF x.d -MT t -MP");
  expect_asks("g++ -MD -MQ o/a.o -MF x.d -c a.cc -o o/a.o", "-MD -MF x.d -MT o/a.o");
  expect_asks("g++ -MD -MT a$b -c a.cc", "-MD -MF a.d -MT a$b");
}

TEST_F(DependencyFiles, GccLeavesOutTheWorkingDirectory) {
  expect_asks("g++ -MD -c a.cc -o ./a.o", "-MD -MF ./a.d -MT a.o");
  expect_asks("g++ -MD -c a.cc -o .//././d/./a.o", "-MD -MF .//././d/./a.d -MT d/./a.o");
  expect_asks("g++ -MD -MT ./t -MF x.d -c a.cc", "-MD -MF x.d -MT t");
  expect_asks("g++ -MD -MQ ././t -MF x.d -c a.cc", "-MD -MF x.d -MT t");
  expect_asks("clang++-14 -MD -c a.cc -o ./a.o", "-MD -MF ./a.d -MT ./a.o");
  expect_local("g++ -MD -MT ./ -MF x.d -c a.cc", LocalReason::DependencyFile);
}

TEST_F(DependencyFiles, RequestsToThePreprocessor) {
  expect_asks("g++ -Wp,-MD,x.d -c dir/a.cc -o o/a.o", "-MD -MF x.d -MT a.o");
  expect_asks("clang++-14 -Wp,-MMD,x.d -c a.cc -o o/a.o", "-MMD -MF x.d -MT o/a.o");
}

TEST_F(DependencyFiles, UnsupportedRequestsStayHere) {
  for (const char* words : {"-MF x.d",
                            "-MT t",
                            "-MP",
                            "-MD -MMD",
                            "-MD -MG",
                            "-MD -MV",
                            "-MD -MF x.d -MF y.d",
                            "-MD -MF -",
                            "-MD -MF a.o",
                            "-MD -MQ a$b",
                            "-Wp,-MD,x.d -MT t",
                            "-Wp,-MD,x.d -MP",
                            "-Wp,-MD,x.d,-MP",
                            "-Wp,-MD,x.d -Wp,-MMD,y.d",
                            "-Wp,-MT,t -MD",
                            "-Xpreprocessor -MD -Xpreprocessor x.d",
                            "-MD -Xclang -MT -Xclang t",
                            "-MD -Xclang -sys-header-deps",
                            "-MD -dumpbase x",
                            "-MD -dumpdir x"})
    expect_local(std::string("g++ -c a.cc -o a.o ") + words, LocalReason::DependencyFile);
  for (const char* object : {"a$b.o", "a#b.o", "a:b.o", "a%b.o", "a\\b.o"})
    expect_local(std::string("g++ -MD -c a.cc -o ") + object, LocalReason::DependencyFile);
  expect_local("g++ -MD -MT a.o -MQ b.o -MF a.d -c a.cc", LocalReason::DependencyTargets);
  files["a.ii"] = "int a;\n";
  expect_local("g++ -MD -c a.ii", LocalReason::Preprocessed);
}

TEST_F(DependencyFiles, WithoutARequestTheObjectsNameDoesNotMatter) {
  expect_remote("g++ -c a.cc -o a$b.o");
  expect_remote("g++ -MD -MT t -c a.cc -o a$b.o");
}

TEST_F(DependencyFiles, OutputsThatAreNotPlainFiles) {
  places = {{"pipe", OutputPlace::Other},
            {"old.o", OutputPlace::File},
            {"pipe.d", OutputPlace::Other},
            {"old.d", OutputPlace::File}};
  expect_local("g++ -c a.cc -o pipe", LocalReason::OutputPlace);
  expect_local("g++ -c a.cc -o a.o -MD -MF pipe", LocalReason::OutputPlace);
  expect_local("g++ -c a.cc -o pipe.o -MD", LocalReason::OutputPlace);
  expect_remote("g++ -c a.cc -o pipe.o");
  places = {{"a.o", OutputPlace::Other}};
  expect_local("g++ -c a.cc", LocalReason::OutputPlace);
}

TEST_F(DependencyFiles, HaveTheModuleMapIfTheCompilerListsIt) {
  files["x.modmap"] = "$root .\n";
  const std::string line = "g++ -MD -fmodules-ts -fmodule-mapper=x.modmap -c a.cc";
  EXPECT_EQ(decide_line(line).dependencies->module_map, "");
  EXPECT_EQ(decide_line(line + " -fdeps-format=p1689r5").dependencies->module_map, "x.modmap");
}

}  // namespace
}  // namespace pump::launcher
