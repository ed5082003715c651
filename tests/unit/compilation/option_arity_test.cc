// Compares the number of words of each option in the table with the installed compilers. If an option does
// not take the next word, the word is an input file, and the driver reports that file as missing.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <vector>

#include "pump/compilation/option_names.h"
#include "pump/compilation/option_table.h"
#include "pump/os/process.h"

namespace pump::compilation {
namespace {

constexpr const char* kProbe = "probe-value-or-input";

struct Verdict {
  bool known = false;  ///< to the driver
  bool takes_word = false;
};

class ArityTest : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    const auto program = os::find_program(GetParam(), std::getenv("PATH"));
    if (!program) GTEST_SKIP() << GetParam() << " is not installed";
    program_ = *program;
    directory_ = testing::TempDir() + "arity." + std::to_string(::getpid());
    std::filesystem::create_directories(directory_);
    std::ofstream(directory_ + "/x.c") << "int x;\n";
  }
  void TearDown() override {
    if (!directory_.empty()) std::filesystem::remove_all(directory_);
  }

  Verdict ask(const std::string& word) {
    os::SpawnOptions options;
    options.program = program_;
    options.argv = {program_, "-###", "-c", word, kProbe, "x.c"};
    options.directory = directory_;
    options.environment = os::Environment::current();
    options.environment->set("LC_ALL", "C");
    std::filesystem::remove(directory_ + "/" + kProbe);  // -MJ FILE writes even under -###
    const auto ran = os::run(options, std::chrono::seconds(20));
    EXPECT_TRUE(ran.has_value()) << ran.error().message;
    if (!ran) return {};
    const std::string& text = ran->err;
    Verdict verdict;
    for (const char* complaint :
         {"unrecognized command-line option", "unrecognized command line option", "unknown argument",
          "unsupported option", "unrecognized option", "unrecognized debug", "fatal error",
          "unrecognized argument", "is unknown", "not recognized", "is not a valid", "no longer supports",
          "bad value", "unsupported argument"})
      if (text.find(complaint) != std::string::npos) return verdict;
    verdict.known = true;
    // "probe: No such file or directory" (clang), "probe: linker input file unused" (gcc)
    const bool missing =
        text.find(std::string("no such file or directory: '") + kProbe) != std::string::npos ||
        text.find(std::string(kProbe) + ": linker input file") != std::string::npos ||
        text.find(std::string(kProbe) + ": No such file") != std::string::npos;
    verdict.takes_word = !missing;
    return verdict;
  }

  std::string program_, directory_;
};

bool takes_word(Form form) {
  return form == Form::Separate || form == Form::JoinedOrSeparate || form == Form::JoinedAndSeparate;
}

// Words that gcc reads as a short option with a joined value (-l, -u, -e, -d, -h, -isystem …), although
// clang, or either compiler on Darwin, has an option of that name. The table has the longer name: an entry
// point is unlikely to be called "xported_symbols_list".
bool gcc_reads_it_as_a_short_option(const std::string& word) {
  static const std::set<std::string> clashes = {"-isystem-after",
                                                "-include-pch",
                                                "-dependency-file",
                                                "-dependency-dot",
                                                "-diagnostic-log-file",
                                                "-header-include-file",
                                                "-dsym-dir",
                                                "-Xflang",
                                                "-dylib_file",
                                                "-exported_symbols_list",
                                                "-unexported_symbols_list",
                                                "-umbrella",
                                                "-undefined",
                                                "-lazy_framework",
                                                "-lazy_library",
                                                "-darwin-target-variant"};
  return clashes.count(word) != 0;
}

// Options of gcc that clang reads as -d, -a, -R … with a joined value, or has only since versions after 14. clang
// 19 reads -Ttext as -T with the value "text"; in both readings the next word is not a source.
bool clang_reads_it_as_something_else(const std::string& word) {
  static const std::set<std::string> clashes = {"-Xoffload-linkerx",
                                                "-Xoffload-linker",
                                                "-darwin-target-variant",
                                                "-aux-info",
                                                "-dumpbase",
                                                "-dumpbase-ext",
                                                "-dumpdir",
                                                "--entry",
                                                "-Xf",
                                                "-R",
                                                "-h",
                                                "-Hd",
                                                "-Hf",
                                                "-Tbss",
                                                "-Tdata",
                                                "-Ttext"};
  return clashes.count(word) != 0;
}

TEST_P(ArityTest, KnownOptionsTakeAsManyWordsAsInTheTable) {
  unsigned known = 0;
  for (const OptionGroup& group : kOptionGroups) {
    if (group.reader == Reader::Frontend || group.form == Form::TwoValues || group.form == Form::ThreeValues)
      continue;
    // With these the driver ends before it reads its inputs.
    if (group.option == Option::Version || group.option == Option::Wrapper || group.option == Option::Specs ||
        group.option == Option::ConfigFile || group.option == Option::SyntaxOnly)
      continue;
    std::string_view rest = group.names;
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find(' '), rest.size());
      std::string word(rest.substr(0, end));
      rest.remove_prefix(std::min(end + 1, rest.size()));
      if (word.empty()) continue;
      if (std::string(GetParam()) == "gcc" && gcc_reads_it_as_a_short_option(word)) continue;
      if (group.form == Form::Joined || group.form == Form::JoinedAndSeparate) word += "x";
      if (std::string(GetParam()) == "clang" && clang_reads_it_as_something_else(word)) continue;
      const Verdict verdict = ask(word);
      if (!verdict.known) continue;
      ++known;
      EXPECT_EQ(verdict.takes_word, takes_word(group.form)) << GetParam() << ' ' << word;
    }
  }
  EXPECT_GT(known, 40U);
}

INSTANTIATE_TEST_SUITE_P(Compilers, ArityTest, testing::Values("gcc", "clang"));

}  // namespace
}  // namespace pump::compilation
