#include "launcher/compiler_word.h"

#include "fixture.h"

namespace pump::launcher {
namespace {

CompilerWord resolve(const std::string& line, const std::string& path = "/usr/bin:/bin") {
  return resolve_compiler_word(words_of(line), os::Environment::from_strings({"PATH=" + path}));
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
  EXPECT_EQ(path_without_masquerade("/usr/bin:/bin"), std::nullopt);
  EXPECT_EQ(path_without_masquerade("/usr/lib/distcc:/usr/bin"), "/usr/bin");
  EXPECT_EQ(path_without_masquerade("/a:/usr/lib/distcc/:/b:"), "/a:/b:");
  EXPECT_EQ(path_without_masquerade("/opt/distcc-3/bin:/x"), std::nullopt);
}

}  // namespace
}  // namespace pump::launcher
