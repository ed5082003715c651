#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "pump/compilation/command.h"
#include "pump/compilation/response_file.h"
#include "pump/os/process.h"

namespace pump::compilation {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> split(std::string_view text) {
  return split_response_file(text).value_or(std::vector<std::string>{"an error"});
}

TEST(ResponseFileTest, WordsAreSplit) {
  EXPECT_THAT(split(""), IsEmpty());
  EXPECT_THAT(split(" \n\t\r\f\v "), IsEmpty());
  EXPECT_THAT(split("a b\nc\td"), ElementsAre("a", "b", "c", "d"));
  EXPECT_THAT(split("'a b' \"c d\""), ElementsAre("a b", "c d"));
  EXPECT_THAT(split("-D'X=\"a b\"'"), ElementsAre("-DX=\"a b\""));
  EXPECT_THAT(split("a\\ b \\\"c\\\""), ElementsAre("a b", "\"c\""));
  EXPECT_THAT(split("'' \"\""), ElementsAre("", ""));
  EXPECT_THAT(split("\"a\\\\b\""), ElementsAre("a\\b"));
  EXPECT_THAT(split("a'b'c\"d\"e"), ElementsAre("abcde"));
  EXPECT_THAT(split("'unterminated x"), ElementsAre("unterminated x"));
  EXPECT_THAT(split("caf\xc3\xa9 \xff"), ElementsAre("caf\xc3\xa9", "\xff"));
}

// gcc 16 reads these differently from earlier versions.
TEST(ResponseFileTest, TextThatCompilersReadDifferentlyIsAnError) {
  for (const char* text : {"'a\\'b'", "'a\\b'", "\"a\\b\"", "a\\\nb", "\"a\\\nb\"", "a\\"}) {
    const auto words = split_response_file(text);
    ASSERT_FALSE(words) << text;
    EXPECT_THAT(words.error().message, testing::StartsWith("compilers do not agree on a backslash")) << text;
  }
  EXPECT_FALSE(parse({"g++", "@file"}, [](const std::string&) { return "-DA='a\\b'"; }));
}

// gcc's preprocessor prints the macros that it read from the file.
TEST(ResponseFileTest, GccSplitsTheSameWay) {
  const auto gcc = os::find_program("gcc", std::getenv("PATH"));
  if (!gcc) GTEST_SKIP() << "gcc is not installed";
  const std::string file = testing::TempDir() + "response." + std::to_string(::getpid());
  for (const char* text :
       {"-DA=1 -DB", "'-DA=a b' \"-DB=c d\"", "-DA=\\\"x\\\" -DB=a\\ b", "-DA=a'b'c\"d\"e", "-DA=\"a\\\\b\"",
        "-DA=\"\\\"x\\\"\"", "\n\n-DA\f-DB\v-DC\r\n", "'-DA=unterminated x"}) {
    std::ofstream(file, std::ios::trunc) << text;
    os::SpawnOptions options;
    options.program = *gcc;
    options.argv = {*gcc, "-E", "-dD", "-undef", "-P", "@" + file, "-x", "c", "/dev/null"};
    const auto by_file = os::run(options, std::chrono::seconds(20));
    options.argv = {*gcc, "-E", "-dD", "-undef", "-P"};
    for (const std::string& word : split(text)) options.argv.push_back(word);
    for (const char* word : {"-x", "c", "/dev/null"}) options.argv.emplace_back(word);
    const auto by_words = os::run(options, std::chrono::seconds(20));
    ASSERT_TRUE(by_file && by_words);
    EXPECT_EQ(by_file->out, by_words->out) << text;
    EXPECT_NE(by_file->out.find("#define A"), std::string::npos) << text;
  }
  std::filesystem::remove(file);
}

}  // namespace
}  // namespace pump::compilation
