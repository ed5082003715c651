#include "pump/cli/arguments.h"

#include <gmock/gmock.h>

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

TEST(Arguments, Verbs) {
  EXPECT_EQ(parsed({}).verb, Verb::Usage);
  EXPECT_EQ(parsed({"-h"}).verb, Verb::Usage);
  EXPECT_EQ(parsed({"--help"}).verb, Verb::Usage);
  EXPECT_EQ(parsed({"--version"}).verb, Verb::Version);
  EXPECT_EQ(parsed({"--startup"}).verb, Verb::Startup);
  EXPECT_EQ(parsed({"--shutdown"}).verb, Verb::Shutdown);
  EXPECT_EQ(parsed({"--jobs"}).verb, Verb::Jobs);
  EXPECT_EQ(parsed({"--status"}).verb, Verb::Status);
  EXPECT_TRUE(parsed({"--status", "--json"}).json);
}

TEST(Arguments, JobsTakesOneDirectory) {
  EXPECT_THAT(parsed({"--jobs"}).command, ElementsAre());
  EXPECT_THAT(parsed({"--jobs", "--json", "build"}).command, ElementsAre("build"));
  EXPECT_TRUE(parsed({"--jobs", "--json", "build"}).json);
  EXPECT_THAT(error_of({"--jobs", "build", "other"}), HasSubstr("other"));
}

TEST(Arguments, WhyTakesAtMostOneFile) {
  EXPECT_EQ(parsed({"--why"}).verb, Verb::Why);
  EXPECT_THAT(parsed({"--why", "a.cc"}).command, ElementsAre("a.cc"));
  EXPECT_THAT(error_of({"--why", "a.cc", "b.cc"}), HasSubstr("b.cc"));
  EXPECT_THAT(error_of({"--why", "--status"}), HasSubstr("more than one"));
  EXPECT_TRUE(parsed({"--no-record", "make"}).no_record);
}

TEST(Arguments, CommandTakesAllAfterIt) {
  const Arguments arguments = parsed({"make", "-j4", "--help", "--startup", "--", "-x", "--", ""});
  EXPECT_EQ(arguments.verb, Verb::Run);
  EXPECT_THAT(arguments.command, ElementsAre("make", "-j4", "--help", "--startup", "--", "-x", "--", ""));
}

TEST(Arguments, TheDoubleDashLetsAnyWordBeCommand) {
  EXPECT_THAT(parsed({"--", "--startup", "--shutdown"}).command, ElementsAre("--startup", "--shutdown"));
  EXPECT_THAT(parsed({"--", "--"}).command, ElementsAre("--"));
  EXPECT_THAT(parsed({"--include-server=python", "--", "-h"}).command, ElementsAre("-h"));
  EXPECT_THAT(parsed({""}).command, ElementsAre(""));
  EXPECT_THAT(parsed({"-"}).command, ElementsAre("-"));
}

TEST(Arguments, IncludeServer) {
  EXPECT_EQ(parsed({"--include-server=python", "make"}).include_server, "python");
  EXPECT_EQ(parsed({"--include-server", "native", "make"}).include_server, "native");
  EXPECT_EQ(parsed({"make", "--include-server=python"}).include_server, std::nullopt);
  EXPECT_EQ(parsed({"--startup", "--include-server=python"}).verb, Verb::Startup);
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

TEST(Arguments, UsageNamesEveryOption) {
  for (const char* option :
       {"--startup", "--shutdown", "--status", "--json", "--jobs", "--include-server", "--version", "--help",
        "-h", "DISTCC_POTENTIAL_HOSTS", "INCLUDE_SERVER_ARGS", "DISTCC_MAX_DISCREPANCY"})
    EXPECT_THAT(usage(), HasSubstr(option));
}

}  // namespace
}  // namespace pump::cli
