#include "pump/include_server/support/options.h"

#include <gtest/gtest.h>

namespace pump::include_server {
namespace {

Options parsed(const std::vector<std::string>& arguments) {
  const auto options = parse_options(arguments);
  EXPECT_TRUE(options.has_value()) << (options ? "" : options.error().message);
  return options.value_or(Options{});
}
std::string error_of(const std::vector<std::string>& arguments) {
  const auto options = parse_options(arguments);
  EXPECT_FALSE(options.has_value());
  return options ? "" : options.error().message;
}

TEST(Options, ThoseOfTheOriginalPumpCommand) {
  const Options options = parsed({"--port", "/tmp/d/socket", "--pid_file", "/tmp/d/pid"});
  EXPECT_EQ(options.port, "/tmp/d/socket");
  EXPECT_EQ(options.pid_file, "/tmp/d/pid");
  EXPECT_EQ(options.debug, 1U);
  EXPECT_TRUE(options.force_directories);
}

TEST(Options, DebugPatternHasSeveralSpellings) {
  EXPECT_EQ(parsed({"-d19"}).debug, 19U);
  EXPECT_EQ(parsed({"-d", "19"}).debug, 19U);
  EXPECT_EQ(parsed({"--debug_pattern=19"}).debug, 19U);
  EXPECT_EQ(parsed({"--debug_pattern", "19"}).debug, 19U);
  EXPECT_EQ(parsed({"--debug=19"}).debug, 19U);  // a unique prefix, as in Python's getopt
}

TEST(Options, LettersCanBeClustered) {
  const Options options = parsed({"-stvwxd3"});
  EXPECT_TRUE(options.statistics && options.timings && options.verify);
  EXPECT_TRUE(options.write_includes && options.exact_includes);
  EXPECT_EQ(options.debug, 3U);
}

TEST(Options, LongNamesAreParsed) {
  const Options options =
      parsed({"--statistics", "--time", "--verify", "--write_include_closure", "--exact_analysis",
              "--unsafe_absolute_includes", "--unsafe_no_unexpanded_functions", "--no_force_dirs",
              "--stat_reset_triggers=a:b*", "--email_bound", "7", "--jobs=5", "--log_file=/l"});
  EXPECT_TRUE(options.statistics && options.timings && options.verify);
  EXPECT_TRUE(options.write_includes && options.exact_includes);
  EXPECT_TRUE(options.unsafe_absolute_includes && options.unsafe_no_unexpanded_functions);
  EXPECT_FALSE(options.force_directories);
  EXPECT_EQ(options.stat_reset_triggers, "a:b*");
  EXPECT_EQ(options.email_bound, 7U);
  EXPECT_EQ(options.jobs, 5U);
  EXPECT_EQ(options.log_file, "/l");
}

TEST(Options, NoEmailCancelsEmail) {
  EXPECT_FALSE(parsed({"-e"}).email.empty());
  EXPECT_FALSE(parsed({"--email"}).email.empty());
  EXPECT_TRUE(parsed({"-e", "--no-email"}).email.empty());
}

TEST(Options, EmptyObservationMatchesEverything) {
  EXPECT_EQ(parsed({"--path_observation_re="}).path_observation_re, ".*");
  EXPECT_EQ(parsed({"--path_observation_re", "/opt/"}).path_observation_re, "/opt/");
}

TEST(Options, ArgumentsOverrideDefaults) {
  Options defaults;
  defaults.port = "/default";
  defaults.log_file = "/log";
  const auto options = parse_options({"--port=/given"}, defaults);
  ASSERT_TRUE(options);
  EXPECT_EQ(options->port, "/given");
  EXPECT_EQ(options->log_file, "/log");
}

TEST(Options, ErrorsNameTheBadOption) {
  EXPECT_NE(error_of({"--no_such_option"}).find("--no_such_option"), std::string::npos);
  EXPECT_NE(error_of({"-q"}).find("-q"), std::string::npos);
  EXPECT_NE(error_of({"-sq"}).find("-q"), std::string::npos);
  EXPECT_NE(error_of({"--port"}).find("--port"), std::string::npos);
  EXPECT_NE(error_of({"-d"}).find("-d"), std::string::npos);
  EXPECT_NE(error_of({"-dx"}).find("'x'"), std::string::npos);
  EXPECT_NE(error_of({"--jobs=-1"}).find("'-1'"), std::string::npos);
  EXPECT_NE(error_of({"--jobs="}).find("--jobs"), std::string::npos);
  EXPECT_NE(error_of({"--jobs=4097"}).find("at most 4096"), std::string::npos);
  EXPECT_EQ(error_of({"--email=foo"}), "option --email takes no value");
  EXPECT_EQ(error_of({"--foreground=yes"}), "option --foreground takes no value");
  EXPECT_NE(error_of({"--path_observation_re=("}).find("'('"), std::string::npos);
  EXPECT_NE(error_of({"-s", "stray"}).find("stray"), std::string::npos);
  EXPECT_NE(error_of({"--simple_algorithm"}).find("--simple_algorithm"), std::string::npos);
}

TEST(Options, ParsingCanBeRepeated) {
  EXPECT_TRUE(parsed({"-s"}).statistics);
  EXPECT_FALSE(parse_options({"-sq"}).has_value());
  EXPECT_TRUE(parsed({"-s", "--verify"}).verify);
}

}  // namespace
}  // namespace pump::include_server
