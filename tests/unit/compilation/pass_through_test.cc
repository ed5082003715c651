#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pump/compilation/pass_through.h"

namespace pump::compilation {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> flattened(const std::vector<std::string>& words) {
  const CommandLine command =
      parse(words, [](const std::string&) { return std::optional<std::string>{}; }).value();
  std::vector<std::string> result;
  for (const Argument& argument : preprocessor_arguments(command))
    result.push_back(argument.spelling + (argument.separate ? " " : "") + argument.value);
  return result;
}

TEST(PassThroughTest, WordsAreSplitAtCommas) {
  const CommandLine command =
      parse({"gcc", "-Wp,-DA,-I,b", "-Wa,-a=x,--noexecstack", "-Xclang", "-a,b", "-Wl,"},
            [](const std::string&) { return std::optional<std::string>{}; })
          .value();
  EXPECT_THAT(passed_words(command.arguments[0]), ElementsAre("-DA", "-I", "b"));
  EXPECT_THAT(passed_words(command.arguments[1]), ElementsAre("-a=x", "--noexecstack"));
  EXPECT_THAT(passed_words(command.arguments[2]), ElementsAre("-a,b"));
  EXPECT_THAT(passed_words(command.arguments[3]), ElementsAre(""));
  EXPECT_THAT(passed_words(Argument{}), IsEmpty());
}

TEST(PassThroughTest, PassedOptionsComeAfterTheDriversOwn) {
  EXPECT_THAT(flattened({"gcc", "-Wp,-DA,-isystem,s", "-Ib", "x.c"}),
              ElementsAre("-Ib", "x.c", "-DA", "-isystem s"));
  EXPECT_THAT(flattened({"gcc", "-Xpreprocessor", "-I", "-Xpreprocessor", "d", "-DB"}),
              ElementsAre("-DB", "-I d"));
  EXPECT_THAT(flattened({"clang", "-Xclang", "-include", "-Xclang", "f.h", "-Wp,-UX"}),
              ElementsAre("-UX", "-include f.h"));
  EXPECT_THAT(flattened({"clang", "-Xclang", "-load", "-Xclang", "p.so"}), ElementsAre("-load p.so"));
  EXPECT_THAT(flattened({"clang", "-Xclang", "-target-feature", "-Xclang", "+avx"}),
              ElementsAre("-target-feature +avx"));
}

TEST(PassThroughTest, WpMayNameTheDependencyFile) {
  EXPECT_THAT(flattened({"gcc", "-Wp,-MD,x.d", "-c"}), ElementsAre("-c", "-MD ", "-MF x.d"));
  EXPECT_THAT(flattened({"gcc", "-Wp,-MMD,x.d,-DA"}), ElementsAre("-MMD ", "-MF x.d", "-DA"));
}

TEST(PassThroughTest, PassedArgumentsPointToTheirCarriers) {
  const CommandLine command =
      parse({"clang", "-Xclang", "-isystem", "-Xclang", "/abs", "x.c"}, [](const std::string&) {
        return std::optional<std::string>{};
      }).value();
  const std::vector<Argument> arguments = preprocessor_arguments(command);
  ASSERT_EQ(arguments.size(), 2U);
  EXPECT_EQ(arguments[1].option, Option::SystemDirectory);
  EXPECT_EQ(arguments[1].carrier, "-Xclang");
  EXPECT_EQ(command.words[arguments[1].first], "-isystem");
  EXPECT_EQ(command.words[arguments[1].value_word], "/abs");
  EXPECT_EQ(arguments[0].carrier, "");
}

TEST(PassThroughTest, AWordAfterAnUnknownOptionIsItsValue) {
  EXPECT_THAT(flattened({"clang", "-Xclang", "-no-such", "-Xclang", "value", "-Xclang", "-DX"}),
              ElementsAre("-no-such value", "-DX"));
  EXPECT_THAT(flattened({"clang", "-Xclang", "-undef", "-Xclang", "value", "-Xclang", "-DX"}),
              ElementsAre("-undef", "-DX"));
  // A missing value ends the list: the compiler reports an error.
  EXPECT_THAT(flattened({"clang", "-Xclang", "-DX", "-Xclang", "-include"}), ElementsAre("-DX"));
}

}  // namespace
}  // namespace pump::compilation
