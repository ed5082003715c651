#include "launcher/decide/relative_names.h"

#include "tests/unit/launcher/fixture.h"

namespace pump::launcher {
namespace {

compilation::CommandLine parsed(const std::string& line) {
  return *compilation::parse(words_of(line), [](const std::string&) { return std::nullopt; });
}

TEST(RelativeNames, TheRootHasOneStepForEachDirectory) {
  EXPECT_EQ(relative_root("/"), "././");
  EXPECT_EQ(relative_root("/x"), "././../");
  EXPECT_EQ(relative_root("/x/y"), "././../../");
}

TEST(RelativeNames, SourceAndHeaderDirectoriesBecomeRelative) {
  const auto command = parsed(
      "clang++ -I/p/inc -Irel -isystem /p/sys -iquote/p/q -include /p/c.h -DX=/p -c /p/a.cc -o /o/a.o");
  EXPECT_TRUE(has_absolute_names(command));
  EXPECT_EQ(with_relative_names(command, "/x/y").words,
            words_of("clang++ -I././../../p/inc -Irel -isystem ././../../p/sys -iquote././../../p/q "
                     "-include ././../../p/c.h -DX=/p -c ././../../p/a.cc -o /o/a.o"));
  EXPECT_EQ(prefix_map_words(command, "/x/y"),
            words_of("-ffile-prefix-map=././../../=/ -ffile-prefix-map=../../=/"));
  EXPECT_EQ(prefix_map_words(parsed("clang -I/p -c a.c"), "/x/y"),
            words_of("-ffile-prefix-map=././../../=/"));
  EXPECT_FALSE(has_absolute_names(parsed("clang++ -Iinc -DX=/p -c ../a.cc -o /o/a.o")));
}

TEST(RelativeNames, WordsAfterXclangBecomeRelative) {
  const auto command = parsed("clang -Xclang -include -Xclang /p/pch.h -Xclang -I/p/inc -c a.c");
  EXPECT_TRUE(has_absolute_names(command));
  EXPECT_EQ(obstacle_to_relative_names(command, "/x"), "");
  EXPECT_EQ(with_relative_names(command, "/x").words,
            words_of("clang -Xclang -include -Xclang ././../p/pch.h -Xclang -I././../p/inc -c a.c"));
}

TEST(RelativeNames, TheUsersPrefixMapsApplyToTheAbsoluteNames) {
  const auto command =
      parsed("clang -I/p/inc -fmacro-prefix-map=/p/= -fdebug-prefix-map=/p=/m -c /p/src/a.c");
  EXPECT_EQ(obstacle_to_relative_names(command, "/x"), "");
  EXPECT_EQ(prefix_map_words(command, "/x"),
            words_of("-fdebug-prefix-map=././../p/inc/=/m/inc/ -fmacro-prefix-map=././../p/inc/=inc/ "
                     "-fdebug-prefix-map=././../p/src/=/m/src/ -fmacro-prefix-map=././../p/src/=src/ "
                     "-fdebug-prefix-map=../p/inc/=/m/inc/ -fmacro-prefix-map=../p/inc/=inc/ "
                     "-fdebug-prefix-map=../p/src/=/m/src/ -fmacro-prefix-map=../p/src/=src/"));
}

TEST(RelativeNames, Obstacles) {
  const auto obstacle = [](const std::string& line) {
    return obstacle_to_relative_names(parsed(line), "/x/y");
  };
  EXPECT_EQ(obstacle("clang -g -I/p -c /p/a.c"), "");
  EXPECT_EQ(obstacle("clang -g -I.. -I/p -c a.c"), "");
  for (const char* word : {"-fsanitize=address", "-fmessage-length=70", "-fdiagnostics-format=msvc", "-H",
                           "-MV", "-I../..", "-I../../q", "-I././q", "-emit-llvm", "-iprefix"})
    EXPECT_THAT(obstacle(std::string("clang -g ") + word + (word[2] == 'p' ? " /p" : "") + " -c /p/a.c"),
                ::testing::StartsWith(word));
  EXPECT_NE(obstacle("clang -g -Wp,-I/p -c /p/a.c"), "");
  // A map of a part of the directory; maps that clang versions apply differently; maps of relative names.
  EXPECT_NE(obstacle("clang -g -ffile-prefix-map=/p/sub=/s -c /p/a.c"), "");
  EXPECT_NE(obstacle("clang -g -ffile-prefix-map=/p=/s -ffile-prefix-map=/=/t/ -c /p/a.c"), "");
  EXPECT_NE(obstacle("clang -g -ffile-prefix-map=.=/s -c /p/a.c"), "");
}

TEST(RelativeNames, MessagesGetAbsoluteNames) {
  EXPECT_EQ(with_absolute_names("In file included from ././../p/a.cc:1:\n"
                                "\x1b[1m././../p/h.h:2:3: \x1b[0mwarning: '(lambda at ././../p/a.cc:4:5)'\n"
                                "/usr/include/x.h:1:1: note: here\n"
                                "1 warning generated.",
                                "././../"),
            "In file included from /p/a.cc:1:\n"
            "\x1b[1m/p/h.h:2:3: \x1b[0mwarning: '(lambda at /p/a.cc:4:5)'\n"
            "/usr/include/x.h:1:1: note: here\n"
            "1 warning generated.");
  EXPECT_EQ(with_absolute_names("", "././../"), "");
}

TEST(RelativeNames, DependenciesGetAbsoluteNames) {
  EXPECT_EQ(absolute_name("././../p/h.h", "././../"), "/p/h.h");
  EXPECT_EQ(absolute_name("../p/a.cc", "././../"), "/p/a.cc") << "clang leaves the mark out";
  EXPECT_EQ(absolute_name("rel.h", "././../"), "rel.h");
  EXPECT_EQ(absolute_name("../p/a.cc", ""), "../p/a.cc");
}

class RelativeCommands : public Decisions {};

TEST_F(RelativeCommands, AreUsedForClangWithDebugInformation) {
  files["/p/a.cc"] = "int a;\n";
  const Decision decision = decide_line("clang++ -g -I/p/inc -MD -c /p/a.cc -o a.o");
  ASSERT_TRUE(decision.relative);
  EXPECT_EQ(
      decision.relative->words,
      words_of("clang++ -g -I././../../../p/inc -c ././../../../p/a.cc -o a.o -MD -MF a.d -MT a.o -Xclang "
               "-fdebug-compilation-dir -Xclang /home/user/build -ffile-prefix-map=././../../../=/ "
               "-ffile-prefix-map=../../../=/"));
  EXPECT_EQ(decision.client.relative_root, "././../../../");
  EXPECT_FALSE(decide_line("clang++ -I/p/inc -c /p/a.cc").relative);
  EXPECT_FALSE(decide_line("clang++ -g -Iinc -c a.cc").relative);
  EXPECT_FALSE(decide_line("g++ -g -c /p/a.cc").relative);
  EXPECT_FALSE(decide_line("clang++ -g -flto=thin -c /p/a.cc").relative);
  variables = {"CPATH=/p/inc"};
  EXPECT_THAT(decide_line("clang++ -g -c a.cc").relative.value_or(RelativeCommand()).words,
              ::testing::Contains("././../../../p/inc"));
}

TEST_F(RelativeCommands, AreUsedForClangByAnotherName) {
  files["/p/a.cc"] = "int a;\n";
  variables = {"PATH=/bin"};
  every_program_exists = false;
  programs = {
      {"/bin/c++", "1"}, {"/bin/clang++", "1"}, {"/bin/cc", "2"}, {"/bin/gcc", "2"}, {"/bin/clang", "3"}};
  EXPECT_TRUE(decide_line("c++ -g -c /p/a.cc").relative);
  EXPECT_FALSE(decide_line("cc -g -c /p/a.cc").relative);
}

TEST_F(RelativeCommands, CommandsWithObstaclesStayHere) {
  files["/p/a.cc"] = "int a;\n";
  expect_local("clang++ -g -fsanitize=undefined -c /p/a.cc", LocalReason::DebugNames);
  expect_remote("clang++ -fsanitize=undefined -c /p/a.cc");
  expect_local("g++ -gstabs -c a.cc", LocalReason::DebugNames);
  for (const char* word : {"-grecord-command-line", "-frecord-command-line", "-grecord-gcc-switches"})
    expect_local(std::string("clang++ -g -c a.cc ") + word, LocalReason::RecordedCommand);
  expect_remote("clang++ -g -grecord-command-line -gno-record-command-line -c a.cc");
  expect_remote("g++ -g -grecord-gcc-switches -c a.cc");
}

}  // namespace
}  // namespace pump::launcher
