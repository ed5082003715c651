#include "launcher/decide/wrappers.h"

#include "tests/unit/launcher/fixture.h"

namespace pump::launcher {
namespace {

/// True for links to distcc, which are in the usual directories.
bool in_system_directory(const std::string& file) {
  return file.starts_with("/usr/lib/distcc/");
}

UnwrappedCommand resolve(const std::string& line, const std::string& path = "/usr/bin:/bin") {
  return unwrap(words_of(line), os::Environment::from_strings({"PATH=" + path}), in_system_directory);
}

TEST(Unwrap, LaunchersAreRemoved) {
  EXPECT_EQ(resolve("g++ -c a.cc").argv, words_of("g++ -c a.cc"));
  EXPECT_EQ(resolve("distcc g++ -c a.cc").argv, words_of("g++ -c a.cc"));
  EXPECT_EQ(resolve("/usr/bin/pump-launch /usr/bin/distcc g++ -c a.cc").argv, words_of("g++ -c a.cc"));
}

TEST(Unwrap, ImplicitCompilerOfDistcc) {
  EXPECT_EQ(resolve("distcc -c a.c").argv, words_of("cc -c a.c"));
  EXPECT_EQ(resolve("distcc a.c -c").argv.front(), "cc");
}

TEST(Unwrap, VerbsOfDistccAreRecognised) {
  for (const char* verb : {"--version", "--help", "--show-hosts", "-j"}) {
    const UnwrappedCommand word = resolve(std::string("distcc ") + verb);
    EXPECT_EQ(word.kind, CommandKind::Distcc) << verb;
    EXPECT_EQ(word.argv.size(), 2U);
  }
}

TEST(Unwrap, CachesAreRecognised) {
  EXPECT_EQ(resolve("ccache g++ -c a.cc").kind, CommandKind::Cache);
  EXPECT_EQ(resolve("pump-launch /opt/bin/ccache g++ -c a.cc").kind, CommandKind::Cache);
  EXPECT_EQ(resolve("/usr/lib/ccache/g++ -c a.cc").kind, CommandKind::Cache);
  EXPECT_EQ(resolve("g++ -c a.cc").kind, CommandKind::Compiler);
}

TEST(Unwrap, MasqueradeLinksBecomeTheCompilersName) {
  EXPECT_EQ(resolve("/usr/lib/distcc/g++ -c a.cc").argv, words_of("g++ -c a.cc"));
}

TEST(Unwrap, MasqueradeDirectoriesAreRemovedFromPath) {
  const auto without = [](std::string_view path) {
    return path_without_masquerade(path, in_system_directory);
  };
  EXPECT_EQ(without("/usr/bin:/bin"), std::nullopt);
  EXPECT_EQ(without("/usr/lib/distcc:/usr/bin"), "/usr/bin");
  EXPECT_EQ(without("/a:/usr/lib/distcc/:/b:"), "/a:/b:");
  EXPECT_EQ(without("/opt/distcc-3/bin:/x"), std::nullopt);
}

TEST(Unwrap, ADirectoryCalledDistccWithoutLinksStays) {
  EXPECT_EQ(resolve("/home/me/distcc/g++ -c a.cc").argv, words_of("/home/me/distcc/g++ -c a.cc"));
  EXPECT_EQ(path_without_masquerade("/home/me/distcc:/usr/lib/distcc:/bin", in_system_directory),
            "/home/me/distcc:/bin");
}

}  // namespace
}  // namespace pump::launcher
