#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "pump/compilation/command.h"
#include "pump/os/process.h"

namespace pump::compilation {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(ResponseFileTest, Splitting) {
  EXPECT_THAT(split_response_file(""), IsEmpty());
  EXPECT_THAT(split_response_file(" \n\t\r\f\v "), IsEmpty());
  EXPECT_THAT(split_response_file("a b\nc\td"), ElementsAre("a", "b", "c", "d"));
  EXPECT_THAT(split_response_file("'a b' \"c d\""), ElementsAre("a b", "c d"));
  EXPECT_THAT(split_response_file("-D'X=\"a b\"'"), ElementsAre("-DX=\"a b\""));
  EXPECT_THAT(split_response_file("a\\ b \\\"c\\\""), ElementsAre("a b", "\"c\""));
  EXPECT_THAT(split_response_file("'' \"\""), ElementsAre("", ""));
  EXPECT_THAT(split_response_file("'a\\'b'"), ElementsAre("a'b"));
  EXPECT_THAT(split_response_file("\"a\\\\b\""), ElementsAre("a\\b"));
  EXPECT_THAT(split_response_file("a'b'c\"d\"e"), ElementsAre("abcde"));
  EXPECT_THAT(split_response_file("'unterminated x"), ElementsAre("unterminated x"));
  EXPECT_THAT(split_response_file("caf\xc3\xa9 \xff"), ElementsAre("caf\xc3\xa9", "\xff"));
  EXPECT_THAT(split_response_file("a\\\nb"), ElementsAre("a\nb"));
}

// gcc's driver prints, quoted, what it made of the file.
TEST(ResponseFileTest, GccSplitsAlike) {
  const auto gcc = os::find_program("gcc", std::getenv("PATH"));
  if (!gcc) GTEST_SKIP() << "gcc is not installed";
  const std::string file = testing::TempDir() + "response." + std::to_string(::getpid());
  for (const char* text :
       {"-DA=1 -DB", "'-DA=a b' \"-DB=c d\"", "-DA=\\\"x\\\" -DB=a\\ b", "-DA='a\\'b'", "-DA=a'b'c\"d\"e",
        "-DA=\"a\\\\b\"", "\n\n-DA\f-DB\v-DC\r\n", "'-DA=unterminated x"}) {
    std::ofstream(file, std::ios::trunc) << text;
    os::SpawnOptions options;
    options.program = *gcc;
    options.argv = {*gcc, "-E", "-dD", "-undef", "-P", "@" + file, "-x", "c", "/dev/null"};
    const auto by_file = os::run(options, std::chrono::seconds(20));
    options.argv = {*gcc, "-E", "-dD", "-undef", "-P"};
    for (const std::string& word : split_response_file(text)) options.argv.push_back(word);
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
