#include "pump/compilation/option_table.h"

#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "pump/compilation/option_names.h"

namespace pump::compilation {
namespace {

// Two literals without a blank between them join two names. The joined name itself does not show it.
TEST(OptionTableTest, LiteralsAreSeparatedByBlanks) {
  std::ifstream source(PUMP_SOURCE_DIRECTORY "/pump/compilation/option_names.h");
  ASSERT_TRUE(source) << "the source tree of this build is gone";
  std::string line;
  bool literal_above = false, blank_above = false;
  for (std::size_t number = 1; std::getline(source, line); ++number) {
    const std::size_t begin = line.find_first_not_of(' ');
    const bool continues = begin != std::string::npos && line[begin] == '"';
    if (continues && literal_above) {
      EXPECT_TRUE(blank_above || line[begin + 1] == ' ') << "no blank before line " << number << ": " << line;
    }
    literal_above = line.ends_with('"');
    blank_above = line.ends_with(" \"");
  }
}

TEST(OptionTableTest, NamesAreOptions) {
  for (const OptionGroup& group : kOptionGroups) {
    EXPECT_TRUE(group.names.starts_with('-') && !group.names.ends_with(' ')) << group.names;
    EXPECT_EQ(group.names.find("  "), std::string_view::npos) << group.names;
  }
}

TEST(OptionTableTest, OptionsThatWriteOtherFilesAreDumps) {
  for (const char* word :
       {"-header-include-file", "-index-store-path", "-save-stats", "--save-stats=obj", "-stats-file=x"}) {
    const OptionSpec* spec = find_option(word, Reader::Driver);
    ASSERT_NE(spec, nullptr) << word;
    EXPECT_EQ(spec->option, Option::Dump) << word;
  }
}

TEST(OptionTableTest, NewerOptionsThatNameFilesAreKnown) {
  EXPECT_EQ(find_option("--vfsoverlay", Reader::Driver)->option, Option::VfsOverlay);
  EXPECT_EQ(find_option("-fexperimental-sanitize-metadata-ignorelist=f", Reader::Driver)->option,
            Option::SanitizerList);
  EXPECT_EQ(find_option("-fimplicit-module-maps", Reader::Frontend)->option, Option::Modules);
}

}  // namespace
}  // namespace pump::compilation
