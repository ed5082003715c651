#include "pump/cli/arguments.h"

#include <gmock/gmock.h>

#include "pump/cli/verbs.h"

namespace pump::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Expected<Arguments> parse(std::vector<const char*> words) {
  words.insert(words.begin(), "pump");
  return parse_arguments(static_cast<int>(words.size()), words.data());
}

Arguments parsed(std::vector<const char*> words) {
  auto arguments = parse(std::move(words));
  EXPECT_TRUE(arguments) << arguments.error().message;
  return arguments.value_or(Arguments());
}

std::string error_of(std::vector<const char*> words) {
  const auto arguments = parse(std::move(words));
  EXPECT_FALSE(arguments);
  return arguments ? std::string() : arguments.error().message;
}

/// The option of the verb that these words choose; empty: COMMAND.
std::string verb_of(std::vector<const char*> words) {
  return std::string(parsed(std::move(words)).verb->option);
}

TEST(Arguments, Verbs) {
  EXPECT_EQ(verb_of({}), "--help");
  EXPECT_EQ(verb_of({"-h"}), "--help");
  EXPECT_EQ(verb_of({"--help"}), "--help");
  EXPECT_EQ(verb_of({"--version"}), "--version");
  EXPECT_EQ(verb_of({"--startup"}), "--startup");
  EXPECT_EQ(verb_of({"--shutdown"}), "--shutdown");
  EXPECT_EQ(verb_of({"--jobs"}), "--jobs");
  EXPECT_EQ(verb_of({"--status"}), "--status");
  EXPECT_EQ(verb_of({"make"}), "");
  EXPECT_TRUE(parsed({"--status", "--json"}).json);
}

TEST(Arguments, HelpWinsOverAllOtherWords) {
  EXPECT_EQ(verb_of({"--help", "make"}), "--help");
  EXPECT_EQ(verb_of({"--status", "--startup", "-h"}), "--help");
  EXPECT_EQ(verb_of({"--json"}), "--help");
}

TEST(Arguments, JobsTakesOneDirectory) {
  EXPECT_THAT(parsed({"--jobs"}).words, ElementsAre());
  EXPECT_THAT(parsed({"--jobs", "--json", "build"}).words, ElementsAre("build"));
  EXPECT_TRUE(parsed({"--jobs", "--json", "build"}).json);
  EXPECT_THAT(error_of({"--jobs", "build", "other"}), HasSubstr("other"));
}

TEST(Arguments, WhyTakesAtMostOneFile) {
  EXPECT_EQ(verb_of({"--why"}), "--why");
  EXPECT_THAT(parsed({"--why", "a.cc"}).words, ElementsAre("a.cc"));
  EXPECT_THAT(error_of({"--why", "a.cc", "b.cc"}), HasSubstr("b.cc"));
  EXPECT_THAT(error_of({"--why", "--status"}), HasSubstr("no more than one"));
  EXPECT_TRUE(parsed({"--no-record", "make"}).no_record);
}

TEST(Arguments, WordsAfterCommandAreItsArguments) {
  const Arguments arguments = parsed({"make", "-j4", "--help", "--startup", "--", "-x", "--", ""});
  EXPECT_EQ(arguments.verb->option, "");
  EXPECT_THAT(arguments.words, ElementsAre("make", "-j4", "--help", "--startup", "--", "-x", "--", ""));
}

TEST(Arguments, AfterDoubleDashAnyWordIsCommand) {
  EXPECT_THAT(parsed({"--", "--startup", "--shutdown"}).words, ElementsAre("--startup", "--shutdown"));
  EXPECT_THAT(parsed({"--", "--"}).words, ElementsAre("--"));
  EXPECT_THAT(parsed({"--include-server=python", "--", "-h"}).words, ElementsAre("-h"));
  EXPECT_THAT(parsed({""}).words, ElementsAre(""));
  EXPECT_THAT(parsed({"-"}).words, ElementsAre("-"));
}

TEST(Arguments, IncludeServer) {
  EXPECT_EQ(parsed({"--include-server=python", "make"}).include_server, "python");
  EXPECT_EQ(parsed({"--include-server", "native", "make"}).include_server, "native");
  EXPECT_EQ(parsed({"make", "--include-server=python"}).include_server, std::nullopt);
  EXPECT_EQ(verb_of({"--startup", "--include-server=python"}), "--startup");
  EXPECT_THAT(error_of({"--include-server=perl", "make"}), HasSubstr("perl"));
  EXPECT_THAT(error_of({"--include-server"}), HasSubstr("--include-server"));
}

TEST(Arguments, ErrorsNameTheWord) {
  EXPECT_THAT(error_of({"--frob"}), HasSubstr("--frob"));
  EXPECT_THAT(error_of({"--frob", "make"}), HasSubstr("--frob"));
  EXPECT_THAT(error_of({"--frob=1", "make"}), HasSubstr("--frob"));
  EXPECT_THAT(error_of({"-j4", "make"}), HasSubstr("-j4"));
  EXPECT_THAT(error_of({"--start", "make"}), HasSubstr("--start"));
  EXPECT_THAT(error_of({"--startup", "--shutdown"}), HasSubstr("--shutdown"));
  EXPECT_THAT(error_of({"--startup", "make"}), HasSubstr("COMMAND"));
  EXPECT_THAT(error_of({"--"}), HasSubstr("COMMAND"));
  EXPECT_THAT(error_of({"--json", "make"}), HasSubstr("--json"));
}

}  // namespace
}  // namespace pump::cli
