#include "launcher/decide/remote_words.h"

#include "tests/unit/launcher/fixture.h"

namespace pump::launcher {
namespace {

using RemoteWords = Decisions;

TEST_F(RemoteWords, OrdinaryWordsAreUnchanged) {
  const std::string line = "/usr/bin/g++ -DA=1 -D B -I x -Iy -isystem z -O2 -o a.o -c a.cc";
  expect_words(line, line);
}

TEST_F(RemoteWords, SpellingsThatDistccDoesNotRecognise) {
  expect_words("g++ -c a.cc -oa.o", "g++ -c a.cc -o a.o");
  expect_words("g++ -c a.cc --output=a.o", "g++ -c a.cc -o a.o");
  expect_words("gcc --compile -xc++ a.c", "gcc -c -x c++ a.c");
  expect_words("g++ --include-directory=/x --include-directory y -c a.cc", "g++ -I /x -I y -c a.cc");
  expect_words("g++ --include=/x.h --imacros m.h -c a.cc", "g++ -include /x.h -imacros m.h -c a.cc");
  expect_words("clang++ -cxx-isystem x -c a.cc", "clang++ -cxx-isystem x -c a.cc");
}

TEST_F(RemoteWords, TargetThatDistccWouldOverride) {
  expect_words("clang --target=aarch64-linux-gnu -c a.c", "clang -target aarch64-linux-gnu -c a.c");
  expect_words("clang -target aarch64-linux-gnu -c a.c", "clang -target aarch64-linux-gnu -c a.c");
}

TEST_F(RemoteWords, ALanguageThatChangesMessagesStays) {
  expect_words("clang++ -x c++ -c a.c", "clang++ -x c++ -c a.c");
  expect_words("gcc -c a.c -x c++", "gcc -c a.c -x c++");
}

TEST_F(RemoteWords, RedundantLanguageIsLeftOut) {
  expect_words("g++ -x c++ -c a.cc", "g++ -c a.cc");
  expect_words("gcc -x c -c a.c", "gcc -c a.c");
  expect_words("g++ -x c++ -c a.c", "g++ -c a.c");
  expect_words("gcc -x c++ -c a.c", "gcc -x c++ -c a.c");
  expect_words("g++ -x c -c a.c", "g++ -x c -c a.c");
  // gcc warns that it has no effect.
  expect_words("gcc -c a.c -x c++", "gcc -c a.c -x c++");
  expect_words("gcc -c a.c -xc", "gcc -c a.c -x c");
}

TEST_F(RemoteWords, DependencyOptionsGetOneForm) {
  expect_words("g++ -MD -MT x -MFa.d -o a.o -c a.cc", "g++ -o a.o -c a.cc -MD -MF a.d -MT x");
  expect_words("g++ -MMD -MP -o o/a.o -c a.cc", "g++ -o o/a.o -c a.cc -MMD -MF o/a.d -MT o/a.o -MP");
}

TEST_F(RemoteWords, OptionsForThePreprocessorComeLast) {
  expect_words("g++ -Wp,-D_FORTIFY_SOURCE=2 -U_FORTIFY_SOURCE -c a.cc -o a.o",
               "g++ -U_FORTIFY_SOURCE -c a.cc -o a.o -D_FORTIFY_SOURCE=2");
  expect_words("gcc -Wp,-Ix,-DA -Iy -Wp,-UA -DA=2 -c a.c", "gcc -Iy -DA=2 -c a.c -Ix -DA -UA");
}

TEST_F(RemoteWords, TheDoubleDashIsLeftOut) {
  expect_words("clang++ -c -o x.o -- a.cc", "clang++ -c -o x.o a.cc");
  files["-a.cc"] = "";
  expect_words("clang++ -c -o x.o -- -a.cc", "clang++ -c -o x.o ./-a.cc");
}

TEST_F(RemoteWords, ResponseFilesAreExpanded) {
  files["flags.rsp"] = "-DA='x y' -I\"in c\"";
  const Decision decision = decide_line("g++ @flags.rsp -c a.cc");
  EXPECT_EQ(decision.words, (std::vector<std::string>{"g++", "-DA=x y", "-Iin c", "-c", "a.cc"}));
}

}  // namespace
}  // namespace pump::launcher
