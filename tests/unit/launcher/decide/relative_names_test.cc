#include "launcher/decide/relative_names.h"

#include "tests/unit/launcher/fixture.h"

namespace pump::launcher {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::StartsWith;

compilation::CommandLine parsed(const std::string& line) {
  return *compilation::parse(words_of(line), [](const std::string&) { return std::nullopt; });
}

NamingRules in(const std::string& cwd, bool clang = false) {
  return {cwd, clang, [](const std::string& path) { return path; }};
}

RelativeCommand relative(const std::string& line, const NamingRules& rules = in("/p/build")) {
  EXPECT_EQ(obstacle_to_relative_names(parsed(line), rules), "") << line;
  return with_relative_names(parsed(line), rules);
}

TEST(RelativeNames, SourceAndHeaderDirectoriesBecomeRelative) {
  const std::string line =
      "g++ -I/p/inc -Irel -iquote/p/q -include /p/inc/c.h -DX=/p -c /p/src/a.cc -o /p/build/a.o";
  EXPECT_TRUE(has_absolute_names(parsed(line), in("/p/build")));
  const RelativeCommand command = relative(line);
  EXPECT_EQ(command.words, words_of("g++ -I..///./inc -Irel -iquote..///./q -include ..///./inc/c.h -DX=/p "
                                    "-c ..///./src/a.cc -o /p/build/a.o"));
  // Names of -include begin with "./".
  EXPECT_EQ(command.map_words, words_of("-ffile-prefix-map=..///./=/p/ -ffile-prefix-map=./..///./=/p/"));
  EXPECT_EQ(relative("gcc -c /p/src/a.c").map_words, words_of("-ffile-prefix-map=..///./=/p/"));
  EXPECT_FALSE(has_absolute_names(parsed("g++ -Iinc -DX=/p -c ../a.cc -o /o/a.o"), in("/p/build")));
}

TEST(RelativeNames, TheRootIsTheNearestDirectoryAboveTheName) {
  const auto root_of = [](const std::string& words, const std::string& cwd) {
    const RelativeCommand command = relative("g++ " + words + " -c a.cc", in(cwd));
    return command.names.empty() ? std::string() : command.names.roots().front().absolute;
  };
  EXPECT_EQ(root_of("-I/p/inc", "/p/build"), "/p/");
  EXPECT_EQ(root_of("-I/p/build/inc", "/p/build"), "/p/") << "at least one step up";
  EXPECT_EQ(root_of("-I/p", "/p/build"), "/") << "a name below the root is left";
  EXPECT_EQ(root_of("-I/opt/inc", "/p/build"), "/");
  EXPECT_EQ(root_of("-I/p/build/../inc", "/p/build/sub"), "/p/build/");
  EXPECT_EQ(root_of("-I/p/x=y/inc", "/p/x=y/b"), "/p/") << "gcc splits maps at the last '='";
  EXPECT_EQ(root_of("-I/p/x\\ y/inc", "/p/x\\ y/b"), "/p/") << "names are quoted in dependency files";
  EXPECT_EQ(root_of("-I/p/inc", "/"), "");
  // The directory of a file must be below the root, too: clang would make "..///./" + "/b.h" of it.
  EXPECT_EQ(relative("g++ -c /p/a.cc", in("/p/b/c")).words, words_of("g++ -c ../../..///./p/a.cc"));
  EXPECT_EQ(relative("g++ -c /a.cc", in("/p/b/c")).words, words_of("g++ -c /a.cc"));
}

TEST(RelativeNames, EachRootHasAMap) {
  const RelativeCommand command =
      relative("g++ -I/p/build/gen -I/p/inc -I/opt/x -c a.cc", in("/p/build/sub"));
  EXPECT_EQ(command.words, words_of("g++ -I..///./gen -I../..///./inc -I../../..///./opt/x -c a.cc"));
  EXPECT_EQ(command.map_words,
            words_of("-ffile-prefix-map=..///./=/p/build/ -ffile-prefix-map=../..///./=/p/ "
                     "-ffile-prefix-map=../../..///./=/"));
}

TEST(RelativeNames, WordsAfterXclangBecomeRelative) {
  const std::string line = "clang -Xclang -include -Xclang /p/inc/pch.h -Xclang -I/p/inc -c a.c";
  EXPECT_TRUE(has_absolute_names(parsed(line), in("/p/b", true)));
  EXPECT_EQ(relative(line, in("/p/b", true)).words,
            words_of("clang -Xclang -include -Xclang ..///./inc/pch.h -Xclang -I..///./inc -c a.c"));
}

TEST(RelativeNames, SystemDirectoriesOfGccGetTheirRealPathIfThatIsShorter) {
  NamingRules rules = in("/p/build");
  rules.real_path = [](const std::string& path) {
    return path == "/p/src/../sys" ? "/p/sys" : path == "/p/link" ? "/p/longer/name" : path;
  };
  const RelativeCommand command =
      relative("g++ -isystem /p/src/../sys -isystem /p/link -I/p/src/../sys -c a.cc", rules);
  EXPECT_EQ(command.words,
            words_of("g++ -isystem ..///./sys -isystem ..///./link -I..///./src/../sys -c a.cc"));
  EXPECT_THAT(command.system_directories, ElementsAre("/p/sys", "/p/longer/name"));
  rules.clang = true;
  EXPECT_EQ(relative("clang++ -isystem /p/src/../sys -c a.cc", rules).words,
            words_of("clang++ -isystem ..///./src/../sys -c a.cc"));
  // The name of a header through so many steps could be longer than its real path on a server.
  EXPECT_EQ(relative("g++ -isystem /opt/x -I/opt/x -c a.cc", in("/1/2/3/4/5/6")).words,
            words_of("g++ -isystem /opt/x -I../../../../../..///./opt/x -c a.cc"));
  EXPECT_EQ(relative("g++ -isystem /opt/x -c a.cc", in("/1/2/3/4/5")).words,
            words_of("g++ -isystem ../../../../..///./opt/x -c a.cc"));
}

TEST(RelativeNames, TheUsersMapsApplyToTheAbsoluteNames) {
  // gcc applies the last map that fits. So the user's maps follow in their order, after the one for all names.
  EXPECT_EQ(
      relative("gcc -I/p/inc -fmacro-prefix-map=/p/= -ffile-prefix-map=/p/src=/s -fdebug-prefix-map=/p=/m "
               "-fdebug-prefix-map=/q=/r -c /p/src/a.c",
               in("/p/b"))
          .map_words,
      words_of("-fdebug-prefix-map=..///./=/p/ -fdebug-prefix-map=..///./src=/s "
               "-fdebug-prefix-map=..///./=/m/ "
               "-fmacro-prefix-map=..///./=/p/ -fmacro-prefix-map=..///./= "
               "-fmacro-prefix-map=..///./src=/s"));
  // clang's versions differ in which map they apply: there is one for each directory.
  EXPECT_EQ(relative("clang -I/p/inc -fmacro-prefix-map=/p/= -fdebug-prefix-map=/p=/m -c /p/src/a.c",
                     in("/p/b", true))
                .map_words,
            words_of("-fdebug-prefix-map=..///./inc/=/m/inc/ -fmacro-prefix-map=..///./inc/=inc/ "
                     "-fdebug-prefix-map=..///./src/=/m/src/ -fmacro-prefix-map=..///./src/=src/"));
}

TEST(RelativeNames, Obstacles) {
  const auto obstacle = [](const std::string& words, bool clang) {
    return obstacle_to_relative_names(parsed("cc " + words + " -I/p/inc -c /p/src/a.c"), in("/p/b", clang));
  };
  for (const bool clang : {false, true}) {
    EXPECT_EQ(obstacle("-g", clang), "");
    EXPECT_EQ(obstacle("-fsanitize=thread,leak", clang), "");
    EXPECT_EQ(
        obstacle("-fsanitize=undefined -fno-sanitize=undefined -fsanitize=address -fno-sanitize=all", clang),
        "");
    for (const char* word : {"-fsanitize=address", "-fsanitize=undefined", "-emit-llvm", "-I..///./q",
                             "-finstrument-functions-exclude-file-list=/p"})
      EXPECT_THAT(obstacle(word, clang), StartsWith(word));
  }
  // A map of a part of the directory; maps that clang's versions apply differently; maps of relative names.
  for (const char* maps :
       {"-ffile-prefix-map=/p/inc/sub=/s", "-ffile-prefix-map=/p=/s -ffile-prefix-map=/=/t/",
        "-ffile-prefix-map=../src=/s"}) {
    EXPECT_NE(obstacle(maps, true), "") << maps;
    EXPECT_EQ(obstacle(maps, false), "") << maps;
  }
  // Maps that fit the relative names, too.
  for (const char* maps : {"-ffile-prefix-map=.=/s", "-ffile-prefix-map==/s",
                           "-fmacro-prefix-map=../=", "-ffile-prefix-map=..=/s", "-ffile-prefix-map=./=/s"})
    for (const bool clang : {false, true}) EXPECT_NE(obstacle(maps, clang), "") << maps << clang;
}

TEST(RelativeNames, TextsGetAbsoluteNames) {
  RelativeNames names;
  names.add({"../..///./", "/"});
  names.add({"..///./", "/p/"});
  EXPECT_EQ(names.restored("In file included from ..///./a.cc:1:\n"
                           "\x1b[1m../..///./q/h.h:2:3: \x1b[0mwarning: '(lambda at ..///./a.cc:4:5)'\n"
                           "./..///./forced.h:1: ../../b.h ././c.h\n"
                           "..///./src/..///./d.h x/..///./e.h x/./..///./f.h ../../..///./g.h\n"
                           "/usr/include/x.h:1:1: note: here\n"
                           "1 warning generated."),
            "In file included from /p/a.cc:1:\n"
            "\x1b[1m/q/h.h:2:3: \x1b[0mwarning: '(lambda at /p/a.cc:4:5)'\n"
            "/p/forced.h:1: ../../b.h ././c.h\n"
            "/p/src/..///./d.h x/..///./e.h x/./..///./f.h ../../..///./g.h\n"
            "/usr/include/x.h:1:1: note: here\n"
            "1 warning generated.");
  EXPECT_EQ(names.restored_name("..///./h.h"), "/p/h.h");
  EXPECT_EQ(names.restored_name("../h.h"), "../h.h");
  EXPECT_TRUE(names.appear_in(std::string_view("\0..///./h.h\0", 12)));
  EXPECT_FALSE(names.appear_in("x/..///./h.h"));
  EXPECT_EQ(RelativeNames().restored("..///./h.h"), "..///./h.h");
}

class RelativeCommands : public Decisions {
 protected:
  RelativeCommands() {
    cwd = "/p/build";
    files["/p/src/a.cc"] = "int a;\n";
  }
};

TEST_F(RelativeCommands, AreUsedForEachCompilerThatIsKnown) {
  const Decision decision = decide_line("g++ -g -I/p/inc -MD -c /p/src/a.cc -o a.o");
  ASSERT_TRUE(decision.relative);
  EXPECT_EQ(decision.relative->words,
            words_of("g++ -g -I..///./inc -c ..///./src/a.cc -o a.o -MD -MF a.d -MT a.o"));
  ASSERT_TRUE(decision.client.names_relatively);
  EXPECT_TRUE(decision.client.names_relatively("..///./x"));
  EXPECT_EQ(
      decide_line("clang++ -g -I/p/inc -c /p/src/a.cc -o a.o").relative.value_or(RelativeCommand()).words,
      words_of("clang++ -g -I..///./inc -c ..///./src/a.cc -o a.o -Xclang -fdebug-compilation-dir -Xclang "
               "/p/build"));
  EXPECT_TRUE(decide_line("gcc-12 -c /p/src/a.cc").relative);
  EXPECT_TRUE(decide_line("x86_64-linux-gnu-g++ -c /p/src/a.cc").relative);
  EXPECT_TRUE(decide_line("clang -c /p/src/a.cc").relative);
  EXPECT_FALSE(decide_line("armcc -c /p/src/a.cc").relative);
  EXPECT_EQ(decide_line("armcc -c /p/src/a.cc").absolute_because, "armcc");
  EXPECT_FALSE(decide_line("clang++ -g -Iinc -c a.cc").relative);
}

TEST_F(RelativeCommands, HaveTheDirectoriesOfVariablesAndOfThePreprocessor) {
  variables = {"CPATH=/p/inc"};
  EXPECT_THAT(decide_line("clang++ -g -c a.cc").relative.value_or(RelativeCommand()).words,
              Contains("..///./inc"));
  variables.clear();
  EXPECT_THAT(decide_line("g++ -Wp,-I/p/inc -c a.cc").relative.value_or(RelativeCommand()).words,
              Contains("-I..///./inc"));
}

TEST_F(RelativeCommands, ClangByAnotherName) {
  variables = {"PATH=/bin"};
  every_program_exists = false;
  programs = {
      {"/bin/c++", "1"}, {"/bin/clang++", "1"}, {"/bin/cc", "2"}, {"/bin/gcc", "2"}, {"/bin/clang", "3"}};
  EXPECT_EQ(decide_line("c++ -g -c /p/src/a.cc").compiler, CompilerKind::Clang);
  EXPECT_EQ(decide_line("cc -g -c /p/src/a.cc").compiler, CompilerKind::Gcc);
}

TEST_F(RelativeCommands, AreNotUsedWithObstacles) {
  expect_local("clang++ -g -fsanitize=undefined -c /p/src/a.cc", LocalReason::DebugNames);
  expect_local("clang++ -fsanitize=undefined -c /p/src/a.cc", LocalReason::DebugNames);
  expect_remote("g++ -g -fsanitize=undefined -c /p/src/a.cc");
  const Decision decision = decide_line("g++ -g -fsanitize=undefined -c /p/src/a.cc");
  EXPECT_FALSE(decision.relative);
  EXPECT_EQ(decision.absolute_because, "-fsanitize=undefined");
  expect_local("g++ -gstabs -c a.cc", LocalReason::DebugNames);
  // gcc maps the directory of the line table twice.
  for (const char* maps : {"-fdebug-prefix-map=/=/x/", "-ffile-prefix-map=/=/x/y -fdebug-prefix-map=/x=/z"}) {
    expect_local(std::string("g++ -g -c a.cc ") + maps, LocalReason::DebugNames);
    expect_remote(std::string("g++ -c a.cc ") + maps);
    expect_remote(std::string("clang++ -g -c a.cc ") + maps);
  }
  for (const char* word : {"-grecord-command-line", "-frecord-command-line", "-grecord-gcc-switches"})
    expect_local(std::string("clang++ -g -c a.cc ") + word, LocalReason::RecordedCommand);
  expect_remote("clang++ -g -grecord-command-line -gno-record-command-line -c a.cc");
  expect_remote("g++ -g -grecord-gcc-switches -c a.cc");
}

TEST_F(RelativeCommands, TheKindOfDebugInformationIsKnown) {
  const auto debug = [this](const std::string& words) { return decide_line("g++ -c a.cc " + words).debug; };
  EXPECT_EQ(debug(""), DebugInformation::None);
  EXPECT_EQ(debug("-g"), DebugInformation::Usual);
  EXPECT_EQ(debug("-gdwarf-5"), DebugInformation::Usual);
  EXPECT_EQ(debug("-g3"), DebugInformation::WithMacros);
  EXPECT_EQ(debug("-ggdb3"), DebugInformation::WithMacros);
  EXPECT_EQ(debug("-g3 -g0"), DebugInformation::None);
}

}  // namespace
}  // namespace pump::launcher
