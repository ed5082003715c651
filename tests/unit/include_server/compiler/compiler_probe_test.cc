#include "pump/include_server/compiler/compiler_probe.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pump::include_server {
namespace {

using testing::ElementsAre;

TEST(CompilerProbeTest, VersionsAreAsInObjects) {
  const auto version = [](const char* line) {
    return parse_version(std::string("Using built-in specs.\n") + line +
                         "\nTarget: x\nclang -cc1 version 14.0.6 based on\n");
  };
  EXPECT_EQ(version("gcc version 12.2.0 (Debian 12.2.0-14+deb12u1) "),
            "GCC: (Debian 12.2.0-14+deb12u1) 12.2.0");
  EXPECT_EQ(version("gcc version 15.0.1 20250101 (experimental) (GCC) "),
            "GCC: (GCC) 15.0.1 20250101 (experimental)");
  EXPECT_EQ(version("Debian clang version 14.0.6"), "Debian clang version 14.0.6");
  EXPECT_EQ(version("clang version 18.1.8 (https://github.com/llvm/llvm-project 3b5b5c1ec4a3)"),
            "clang version 18.1.8 (https://github.com/llvm/llvm-project 3b5b5c1ec4a3)");
  EXPECT_EQ(version("icc version 1"), "");
}

TEST(CompilerProbeTest, ParsesPrintedSearchLists) {
  const SearchListing listing = parse_search_listing(
      "ignoring nonexistent directory \"/usr/local/include/x\"\n"
      "ignoring duplicate directory \"a b\"\n"
      "  as it is a non-system directory that duplicates a system directory\n"
      "#include \"...\" search starts here:\n"
      " q\n"
      "#include <...> search starts here:\n"
      "  leading blank\n"
      " /usr/include\n"
      " /F (framework directory)\n"
      "End of search list.\n"
      " not/in/the/list\n");
  EXPECT_THAT(listing.quote, ElementsAre("q"));
  EXPECT_THAT(listing.bracket, ElementsAre(" leading blank", "/usr/include"));
  EXPECT_THAT(listing.dropped, ElementsAre("/usr/local/include/x", "a b"));
  EXPECT_TRUE(listing.frameworks);
}

TEST(CompilerProbeTest, PredefinedMacrosExcludeThoseOfStdcPredef) {
  CompilerProfile profile;
  parse_predefined(
      "# 0 \"<built-in>\"\n#define __A 1\n# 0 \"<command-line>\"\n#define __B 2\n"
      "# 1 \"/usr/include/stdc-predef.h\" 1 3 4\n#define __STDC_ISO_10646__ 1\n# 0 \"<command-line>\" 2\n"
      "#undef __A\npump_begin\n#define __C 3\n",
      profile);
  EXPECT_EQ(profile.predefined, "#define __A 1\n#define __B 2\n#undef __A\n");
  EXPECT_TRUE(profile.preincludes_stdc_predef);
}

TEST(CompilerProbeTest, EnvironmentIsTheClientsWithoutVariablesForOtherPrograms) {
  const auto environment = probe_environment(
      os::Environment::from_strings({"PATH=/bin", "GCC_EXEC_PREFIX=/x", "DISTCC_HOSTS=h", "LANG=de_DE.UTF-8",
                                     "CPATH=/i", "DEPENDENCIES_OUTPUT=/d", "INCLUDE_SERVER_PORT=/p"}));
  EXPECT_THAT(environment.strings(), ElementsAre("PATH=/bin", "GCC_EXEC_PREFIX=/x", "LC_ALL=C"));
}

}  // namespace
}  // namespace pump::include_server
