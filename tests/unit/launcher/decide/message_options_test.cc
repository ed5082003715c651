#include "launcher/decide/message_options.h"

#include "tests/unit/launcher/fixture.h"

namespace pump::launcher {
namespace {

MessageOptions options_of(const std::string& words, bool clang = false) {
  const auto command =
      compilation::parse(words_of("cc -c a.cc " + words), [](const std::string&) { return std::nullopt; });
  return message_options(*command, clang);
}

TEST(MessageOptions, TheLastColourCounts) {
  EXPECT_EQ(options_of("").colours, Colours::Auto);
  EXPECT_EQ(options_of("-fdiagnostics-color").colours, Colours::Always);
  EXPECT_EQ(options_of("-fdiagnostics-color=always -fno-diagnostics-color").colours, Colours::Never);
  EXPECT_EQ(options_of("-fdiagnostics-plain-output -fdiagnostics-color=auto").colours, Colours::Auto);
  EXPECT_EQ(options_of("-fcolor-diagnostics", true).colours, Colours::Always);
}

TEST(MessageOptions, MisleadingIndentation) {
  EXPECT_FALSE(options_of("").warns_of_indentation);
  EXPECT_TRUE(options_of("-Wall").warns_of_indentation);
  EXPECT_TRUE(options_of("-Werror=misleading-indentation").warns_of_indentation);
  EXPECT_FALSE(options_of("-Wno-misleading-indentation -Wall").warns_of_indentation) << "more special";
  EXPECT_FALSE(options_of("-Wall -Wno-all").warns_of_indentation);
  EXPECT_FALSE(options_of("-Wall -w").warns_of_indentation);
  EXPECT_FALSE(options_of("-Wall", true).warns_of_indentation) << "clang needs no file for it";
}

TEST(MessageOptions, Obstacles) {
  for (const char* word : {"-fmessage-length=72", "-fdiagnostics-format=json",
                           "-fdiagnostics-format=sarif-stderr", "-fanalyzer", "-fdiagnostics-urls=always"})
    EXPECT_EQ(options_of(word).obstacle, word);
  EXPECT_EQ(options_of("-fdiagnostics-absolute-paths", true).obstacle, "-fdiagnostics-absolute-paths");
  EXPECT_EQ(options_of("-fmessage-length=0 -fdiagnostics-format=text -fdiagnostics-urls=never").obstacle, "");
  EXPECT_FALSE(options_of("-fdiagnostics-urls=never").urls);
  EXPECT_TRUE(options_of("-frecord-gcc-switches").records_words);
}

}  // namespace
}  // namespace pump::launcher
