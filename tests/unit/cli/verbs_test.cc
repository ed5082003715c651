// The verbs' table, and that --help, the man page and the shell completions list the same options.
#include "pump/cli/verbs.h"

#include <gmock/gmock.h>

#include <regex>
#include <set>
#include <string>

#include "pump/cli/help.h"
#include "pump/os/file_io.h"

namespace pump::cli {
namespace {

using testing::HasSubstr;

using Options = std::set<std::string>;

/// What the first group of `pattern` matches in `text`, each with "--" before it.
Options matches(const std::string& text, const std::string& pattern) {
  const std::regex regex(pattern);
  Options found;
  for (std::sregex_iterator match(text.begin(), text.end(), regex), end; match != end; ++match)
    found.insert("--" + (*match)[1].str());
  return found;
}

std::string source(const std::string& path) {
  return os::read_file(PUMP_SOURCE_DIRECTORY "/" + path).value_or("cannot read " + path);
}

Options options_of_usage() {
  return matches(usage(), "\n  (?:-., )?--([a-z-]+)");
}

TEST(Verbs, ExactlyOneHasNoOption) {
  int commands = 0;
  Options options;
  for (const Verb& verb : verbs()) {
    commands += verb.option.empty() ? 1 : 0;
    EXPECT_TRUE(options.insert(std::string(verb.option)).second) << verb.option << " is listed twice";
    EXPECT_NE(verb.run, nullptr) << verb.option;
    EXPECT_FALSE(verb.help.empty()) << verb.option;
  }
  EXPECT_EQ(commands, 1);
}

TEST(Verbs, UsageListsEveryVerbOptionAndVariable) {
  Options expected{"--json", "--no-record", "--include-server"};
  for (const Verb& verb : verbs())
    if (!verb.option.empty()) expected.insert(std::string(verb.option));
  EXPECT_EQ(options_of_usage(), expected);
  for (const char* word : {"-h", "DISTCC_POTENTIAL_HOSTS", "INCLUDE_SERVER_ARGS", "DISTCC_MAX_DISCREPANCY"})
    EXPECT_THAT(usage(), HasSubstr(word));
}

TEST(Verbs, UsageFitsATerminal) {
  std::string text = usage();
  for (std::size_t end = 0; (end = text.find('\n')) != std::string::npos; text.erase(0, end + 1))
    EXPECT_LE(end, 88U) << text.substr(0, end);
}

TEST(Verbs, TheManPageListsTheSameOptions) {
  EXPECT_EQ(matches(source("docs/man/pump.1"), R"(Fl \\-([a-z][a-z-]*))"), options_of_usage());
  EXPECT_EQ(matches(source("docs/man/pump.1"), R"(\n\.It (?:Fl h , )?Fl \\-([a-z][a-z-]*))"),
            options_of_usage());
}

TEST(Verbs, TheCompletionsListTheSameOptions) {
  for (const char* file : {"packaging/completion/pump.bash", "packaging/completion/_pump"})
    EXPECT_EQ(matches(source(file), "--([a-z][a-z-]*)"), options_of_usage()) << file;
  // The list that bash offers at the beginning of a word.
  EXPECT_EQ(matches(source("packaging/completion/pump.bash")
                        .substr(source("packaging/completion/pump.bash").find("\"--startup --")),
                    "--([a-z][a-z-]*)"),
            options_of_usage());
}

}  // namespace
}  // namespace pump::cli
