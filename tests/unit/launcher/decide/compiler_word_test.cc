#include "launcher/decide/compiler_word.h"

#include "tests/unit/launcher/fixture.h"

namespace pump::launcher {
namespace {

/// Links to distcc are in the directories that every distribution has for them.
bool in_system_directory(const std::string& file) {
  return file.starts_with("/usr/lib/distcc/");
}

CompilerWord resolve(const std::string& line, const std::string& path = "/usr/bin:/bin") {
  return resolve_compiler_word(words_of(line), os::Environment::from_strings({"PATH=" + path}),
                               in_system_directory);
}

TEST(CompilerWord, LaunchersBeforeTheCompilerGo) {
  EXPECT_EQ(resolve("g++ -c a.cc").argv, words_of("g++ -c a.cc"));
  EXPECT_EQ(resolve("distcc g++ -c a.cc").argv, words_of("g++ -c a.cc"));
  EXPECT_EQ(resolve("/usr/bin/pump-launch /usr/bin/distcc g++ -c a.cc").argv, words_of("g++ -c a.cc"));
}

TEST(CompilerWord, ImplicitCompilerOfDistcc) {
  EXPECT_EQ(resolve("distcc -c a.c").argv, words_of("cc -c a.c"));
  EXPECT_EQ(resolve("distcc a.c -c").argv.front(), "cc");
}

TEST(CompilerWord, VerbsOfDistccAreItsOwn) {
  for (const char* verb : {"--version", "--help", "--show-hosts", "-j"}) {
    const CompilerWord word = resolve(std::string("distcc ") + verb);
    EXPECT_EQ(word.kind, CompilerKind::Distcc) << verb;
    EXPECT_EQ(word.argv.size(), 2U);
  }
}

TEST(CompilerWord, CachesArePassedOn) {
  EXPECT_EQ(resolve("ccache g++ -c a.cc").kind, CompilerKind::Cache);
  EXPECT_EQ(resolve("pump-launch /opt/bin/ccache g++ -c a.cc").kind, CompilerKind::Cache);
  EXPECT_EQ(resolve("/usr/lib/ccache/g++ -c a.cc").kind, CompilerKind::Cache);
  EXPECT_EQ(resolve("g++ -c a.cc").kind, CompilerKind::Compiler);
}

TEST(CompilerWord, MasqueradeLinkIsTheCompilerItself) {
  EXPECT_EQ(resolve("/usr/lib/distcc/g++ -c a.cc").argv, words_of("g++ -c a.cc"));
}

TEST(CompilerWord, MasqueradeDirectoriesLeavePath) {
  const auto without = [](std::string_view path) {
    return path_without_masquerade(path, in_system_directory);
  };
  EXPECT_EQ(without("/usr/bin:/bin"), std::nullopt);
  EXPECT_EQ(without("/usr/lib/distcc:/usr/bin"), "/usr/bin");
  EXPECT_EQ(without("/a:/usr/lib/distcc/:/b:"), "/a:/b:");
  EXPECT_EQ(without("/opt/distcc-3/bin:/x"), std::nullopt);
}

TEST(CompilerWord, ADirectoryThatIsOnlyCalledDistccStays) {
  EXPECT_EQ(resolve("/home/me/distcc/g++ -c a.cc").argv, words_of("/home/me/distcc/g++ -c a.cc"));
  EXPECT_EQ(path_without_masquerade("/home/me/distcc:/usr/lib/distcc:/bin", in_system_directory),
            "/home/me/distcc:/bin");
}

}  // namespace
}  // namespace pump::launcher
