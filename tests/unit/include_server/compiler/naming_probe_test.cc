#include "pump/include_server/compiler/naming_probe.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "pump/include_server/compiler/probe_text.h"

namespace pump::include_server {
namespace {

// The output of clang 14, 16, 17 and 23 for naming_layout().
class FileNamingTest : public testing::Test {
 protected:
  static Dialect dialect(const std::vector<std::string>& names) {
    const std::vector<std::string> keys = {"entered", "met", "beside", "again", "beside", "named"};
    std::string output = "pump_begin\npump_end\n";
    for (std::size_t i = 0; i < keys.size() && i < names.size(); ++i)
      output += "pump_" + keys[i] + " \"/tmp/probe" + names[i] + "\"\n";
    return read_answers(output).dialect;
  }
};

TEST_F(FileNamingTest, NamedAsInTheLatestLookup) {
  const Dialect dialect_read =
      dialect({"/a/x.h", "/c/../c/x.h", "/c/beside.h", "/b/x.h", "/c/beside.h", "/./d/z.h"});
  EXPECT_EQ(dialect_read.files, FileNaming::LastLookup);
  EXPECT_EQ(dialect_read.directories, DirectoryNaming::First);
}

TEST_F(FileNamingTest, NamedAsInTheFirstIncludeAndItsDirectoryAsInItsFirstLookup) {
  const Dialect dialect_read =
      dialect({"/a/x.h", "/a/x.h", "/c/beside.h", "/a/x.h", "/c/beside.h", "/./d/z.h"});
  EXPECT_EQ(dialect_read.files, FileNaming::First);
  EXPECT_EQ(dialect_read.directories, DirectoryNaming::First);
}

TEST_F(FileNamingTest, NamedAsInTheFirstInclude) {
  const Dialect dialect_read =
      dialect({"/a/x.h", "/a/x.h", "/a/beside.h", "/a/x.h", "/a/beside.h", "/d/z.h"});
  EXPECT_EQ(dialect_read.files, FileNaming::First);
  EXPECT_EQ(dialect_read.directories, DirectoryNaming::OfFile);
}

TEST_F(FileNamingTest, NamedAsInEachInclude) {
  const Dialect dialect_read =
      dialect({"/a/x.h", "/a/x.h", "/a/beside.h", "/b/x.h", "/b/beside.h", "/d/z.h"});
  EXPECT_EQ(dialect_read.files, FileNaming::EachInclude);
  EXPECT_EQ(dialect_read.directories, DirectoryNaming::OfFile);
}

TEST_F(FileNamingTest, AnswersThatFitNoRuleAreUnsure) {
  for (const auto& names : std::vector<std::vector<std::string>>{
           {"/a/x.h"},
           {"/a/x.h", "/a/x.h", "/a/beside.h", "/b/x.h", "/a/beside.h", "/d/z.h"},
           {"/a/x.h", "/c/x.h", "/a/beside.h", "/b/x.h", "/a/beside.h", "/d/z.h"},
           {"/c/x.h", "/c/x.h", "/c/beside.h", "/c/x.h", "/c/beside.h", "/d/z.h"}})
    EXPECT_EQ(dialect(names).directories, DirectoryNaming::Unsure) << testing::PrintToString(names);
}

}  // namespace
}  // namespace pump::include_server
