#include "pump/include_server/send_plan/send_plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pump/include_server/lexer/interner.h"
#include "tests/unit/include_server/file_tree/fake_file_system.h"

namespace pump::include_server {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

/// A project in /w (cwd /w/build) and a compiler whose default directories are /usr/include, with two nested
/// ones.
class SendPlanTest : public testing::Test {
 protected:
  SendPlanTest() {
    for (const char* directory :
         {"/w/build", "/usr/include/c++/12", "/usr/include/x86", "/usr/lib/gcc/include"}) {
      fs.make_directory(directory);
    }
    fs.write("/usr/include/stdio.h", "int s;");
    fs.write("/usr/include/foo/foo.h", "int f;");
    fs.write("/usr/include/c++/12/vector", "int v;");
    fs.write("/w/src/a.cc", "a");
    auto profile = std::make_shared<CompilerProfile>();
    profile->compiler = "/usr/bin/g++";
    profile->system_directories = {"/usr/lib/../include/c++/12", "/usr/include/x86", "/usr/lib/gcc/include",
                                   "/usr/include"};
    unit.profile = profile;
    unit.cwd = "/w/build";
    unit.language = "c++";
  }

  void begin() {
    snapshot.emplace(tree.begin());
    unit.cwd_directory = tree.directory(nullptr, unit.cwd, scratch);
    search = std::make_shared<SearchPath>();
  }
  /// Adds a file to the closure with its links and directories, as the preprocessor does.
  ClosureFile& add(const std::string& spelled) {
    Trace trace;
    const Entry* entry = tree.walk(unit.cwd_directory, spelled, trace);
    EXPECT_EQ(entry->kind, EntryKind::File) << spelled;
    closure.links.insert(closure.links.end(), trace.links.begin(), trace.links.end());
    closure.traversed.insert(closure.traversed.end(), trace.traversed.begin(), trace.traversed.end());
    ClosureFile& file = closure.files.emplace_back();
    file.entry = entry;
    file.hash = tree.hash(*entry).value_or(ContentHash{});
    file.spelled = spelling(intern(spelled));
    file.absolute = spelled.starts_with('/');
    file.entered = true;
    if (closure.files.size() == 1) unit.source = spelled;
    return file;
  }
  void search_in(const std::string& spelled, bool system = false) {
    search->directories.push_back({spelled, tree.directory(unit.cwd_directory, spelled, scratch), system});
  }
  SendPlan plan() {
    unit.search = search;
    return make_send_plan(*snapshot, tree, unit, closure, absolute_includes, rules);
  }
  /// "path", "path -> target", "path/" for file, link, directory.
  std::vector<std::string> entries() {
    std::vector<std::string> out;
    const SendPlan made = plan();
    EXPECT_EQ(made.give_up, GiveUp::None) << made.detail;
    for (const SendPlanEntry& entry : made.entries) {
      switch (entry.kind) {
        case SendPlanEntry::Kind::File:
          out.push_back(entry.real_path());
          break;
        case SendPlanEntry::Kind::Link:
          out.push_back(entry.path + " -> " + entry.target);
          break;
        case SendPlanEntry::Kind::Directory:
          out.push_back(entry.path + "/");
          break;
      }
    }
    return out;
  }
  static std::string out_of_root(const std::string& directory, int depth) {
    std::string target = directory + " -> ";
    for (int i = 0; i < 20 + depth; ++i) target += "../";
    return target + directory.substr(1);
  }

  FakeFileSystem fs;
  FileTree tree{fs};
  Trace scratch;
  std::optional<FileTree::Snapshot> snapshot;
  Unit unit;
  Closure closure;
  SendPlanRules rules;
  AbsoluteIncludeCache absolute_includes;
  std::shared_ptr<SearchPath> search;
};

TEST_F(SendPlanTest, FilesInDefaultDirectoriesAreNotSent) {
  fs.write("/w/src/a.h", "h");
  begin();
  add("../src/a.cc");
  add("/usr/include/stdio.h");
  add("/usr/lib/../include/c++/12/vector");
  add("../src/a.h");
  EXPECT_THAT(entries(), ElementsAre("/w/src/a.cc", "/w/src/a.h"));
}

TEST_F(SendPlanTest, AFollowedLinkPointsToItsRealTarget) {
  fs.write("/w/real/deep/x.h", "x");
  fs.make_link("/w/inc", "real/../real/deep");
  begin();
  add("../src/a.cc");
  add("../inc/x.h");
  EXPECT_THAT(entries(), ElementsAre("/w/src/a.cc", "/w/real/deep/x.h", "/w/inc -> /w/real/deep"));
}

TEST_F(SendPlanTest, ALinkFollowedTwiceIsSentOnce) {
  fs.write("/w/real/x.h", "x");
  fs.write("/w/real/y.h", "y");
  fs.make_link("/w/inc", "/w/real");
  begin();
  add("../src/a.cc");
  add("../inc/x.h");
  add("../inc/y.h");
  EXPECT_THAT(entries(), ElementsAre("/w/src/a.cc", "/w/real/x.h", "/w/real/y.h", "/w/inc -> /w/real"));
}

TEST_F(SendPlanTest, EveryLinkOfAChainIsSent) {
  fs.write("/w/x3.h", "x");
  fs.make_link("/w/x2.h", "x3.h");
  fs.make_link("/w/x1.h", "x2.h");
  begin();
  add("../src/a.cc");
  add("../x1.h");
  EXPECT_THAT(entries(),
              UnorderedElementsAre("/w/src/a.cc", "/w/x3.h", "/w/x1.h -> /w/x3.h", "/w/x2.h -> /w/x3.h"));
}

TEST_F(SendPlanTest, LinksInsideDefaultDirectoriesAreNotSent) {
  fs.write("/usr/include/real.h", "r");
  fs.make_link("/usr/include/link.h", "real.h");
  fs.write("/opt/lib/far.h", "f");
  fs.make_link("/usr/include/far", "/opt/lib");
  begin();
  add("../src/a.cc");
  add("/usr/include/link.h");
  EXPECT_THAT(entries(), ElementsAre("/w/src/a.cc"));
}

TEST_F(SendPlanTest, ALinkIntoADefaultDirectoryLeadsOutOfTheRoot) {
  fs.make_link("/w/sys", "/usr/include/foo");
  begin();
  add("../src/a.cc");
  add("../sys/foo.h");
  EXPECT_THAT(entries(),
              ElementsAre("/w/src/a.cc", "/w/sys -> /usr/include/foo", out_of_root("/usr/include", 2)));
}

TEST_F(SendPlanTest, WhatAnOptionFindsInADefaultDirectoryIsCopied) {
  fs.make_link("/usr/include/bar", "foo");
  fs.write("/usr/include/foo/probed.h", "p");
  begin();
  search_in("/usr/include/bar");
  search_in("/usr/include", true);
  add("../src/a.cc");
  add("/usr/include/bar/foo.h");
  add("/usr/include/bar/probed.h").entered = false;
  add("/usr/include/stdio.h");
  EXPECT_THAT(entries(), ElementsAre("/w/src/a.cc", "/usr/include/foo/foo.h", "/usr/include/foo/probed.h",
                                     "/usr/include/bar -> /usr/include/foo"));
}

TEST_F(SendPlanTest, WhatGccReportsByItsRealPathLeadsOutOfTheRoot) {
  begin();
  search_in("/usr/include/foo");
  search_in("/usr/include", true);
  search->directories.front().system_headers = true;
  search->shortens_system_paths = true;
  add("../src/a.cc");
  add("/usr/include/foo/foo.h");
  EXPECT_THAT(entries(), ElementsAre("/w/src/a.cc", out_of_root("/usr/include", 2)));
}

TEST_F(SendPlanTest, ACopyBelowALinkOutOfTheRootIsNotSendable) {
  begin();
  search_in("/usr/include/foo");
  add("../src/a.cc");
  add("/usr/include/foo/foo.h");
  add("../../usr/include/stdio.h");
  EXPECT_EQ(plan().give_up, GiveUp::NotSendable);
}

TEST_F(SendPlanTest, AnOptionIntoADefaultDirectoryThatFindsNothingAddsNoEntry) {
  begin();
  search_in("/usr/include/foo");
  search_in("/usr/include", true);
  add("../src/a.cc");
  add("/usr/include/stdio.h");
  EXPECT_THAT(entries(), ElementsAre("/w/src/a.cc"));
}

TEST_F(SendPlanTest, ADefaultDirectoryGivenAsAnOptionKeepsItsPlaceInTheSearchPath) {
  begin();
  search_in("/usr/include/x86");
  add("../src/a.cc");
  EXPECT_THAT(entries(), ElementsAre("/w/src/a.cc", out_of_root("/usr/include", 2)));
}

TEST_F(SendPlanTest, ARelativePathToADefaultDirectoryLeadsOutOfTheRoot) {
  begin();
  add("../src/a.cc");
  add("../../usr/include/foo/foo.h");
  EXPECT_THAT(entries(), ElementsAre("/w/src/a.cc", out_of_root("/usr/include", 2)));
}

TEST_F(SendPlanTest, ForcedMacrosInADefaultDirectoryLeadOutOfTheRoot) {
  begin();
  unit.forced.push_back({"/usr/include/stdio.h", true});
  add("../src/a.cc");
  add("/usr/include/stdio.h");
  EXPECT_THAT(entries(), ElementsAre("/w/src/a.cc", out_of_root("/usr/include", 2)));
}

TEST_F(SendPlanTest, AForcedFileInADefaultDirectoryIsNotSendable) {
  begin();
  unit.forced.push_back({"/usr/include/stdio.h", false});
  add("../src/a.cc");
  add("/usr/include/stdio.h");
  EXPECT_EQ(plan().give_up, GiveUp::NotSendable);
}

TEST_F(SendPlanTest, OnlyTheOutermostDefaultDirectoryIsLinked) {
  begin();
  search_in("/usr/include/c++/12");
  search_in("/usr/include/foo");
  search->directories.back().system_headers = search->shortens_system_paths = true;
  add("../src/a.cc");
  add("/usr/include/c++/12/vector");
  add("/usr/include/foo/foo.h");
  EXPECT_THAT(entries(), ElementsAre("/w/src/a.cc", out_of_root("/usr/include", 2)));
}

TEST_F(SendPlanTest, ARelativeDefaultDirectoryIsSent) {
  fs.write("/w/sysroot/usr/include/r.h", "r");
  auto profile = std::make_shared<CompilerProfile>(*unit.profile);
  profile->system_directories.push_back("../sysroot/usr/include");
  unit.profile = profile;
  begin();
  add("../src/a.cc");
  add("../sysroot/usr/include/r.h");
  EXPECT_THAT(entries(), ElementsAre("/w/src/a.cc", "/w/sysroot/usr/include/r.h"));
}

TEST_F(SendPlanTest, TraversedDirectoriesAreCreated) {
  fs.make_directory("/w/empty/deeper");
  fs.write("/w/z.h", "z");
  begin();
  add("../src/a.cc");
  add("../empty/deeper/../../z.h");
  EXPECT_THAT(entries(), ElementsAre("/w/src/a.cc", "/w/z.h", "/w/empty/deeper/"));
}

TEST_F(SendPlanTest, ImpliedDirectoriesAreNotSent) {
  fs.write("/w/inc/sub/x.h", "x");
  fs.write("/w/z.h", "z");
  fs.make_link("/w/links/l.h", "../z.h");
  begin();
  add("../src/a.cc");
  add("../inc/sub/x.h");
  add("../inc/../z.h");
  add("../links/l.h");
  add("../build/../z.h");
  EXPECT_THAT(entries(), ElementsAre("/w/src/a.cc", "/w/inc/sub/x.h", "/w/z.h", "/w/links/l.h -> /w/z.h"));
}

TEST_F(SendPlanTest, LinksOnTheCompilersOwnPathsAreNotSent) {
  fs.make_link("/usr/lib64", "lib");
  auto profile = std::make_shared<CompilerProfile>(*unit.profile);
  profile->system_directories[2] = "/usr/lib64/gcc/include";
  unit.profile = profile;
  fs.write("/usr/lib/gcc/include/stddef.h", "d");
  begin();
  add("../src/a.cc");
  add("/usr/lib64/gcc/include/stddef.h");
  EXPECT_THAT(entries(), ElementsAre("/w/src/a.cc"));
}

TEST_F(SendPlanTest, DirectoriesOnTheCompilersOwnPathsAreSentForTheProject) {
  fs.write("/w/z.h", "z");
  begin();
  add("../src/a.cc");
  add("/usr/include/stdio.h");
  add("../../usr/lib/../../w/z.h");
  EXPECT_THAT(entries(), ElementsAre("/w/src/a.cc", "/w/z.h", "/usr/lib/"));
}

TEST_F(SendPlanTest, DirectoriesAreNotCreatedUnlessForced) {
  fs.make_directory("/w/empty");
  fs.write("/w/z.h", "z");
  rules.force_directories = false;
  begin();
  add("../src/a.cc");
  add("../empty/../z.h");
  EXPECT_THAT(entries(), ElementsAre("/w/src/a.cc", "/w/z.h"));
}

TEST_F(SendPlanTest, RequiredDirectoriesAndThoseOfTheSearchPathAreCreated) {
  fs.make_directory("/w/wanted");
  fs.make_directory("/w/through");
  begin();
  add("../src/a.cc");
  unit.required_directories.push_back(tree.directory(nullptr, "/w/wanted", scratch));
  search->traversed.push_back(tree.directory(nullptr, "/w/through", scratch));
  search->traversed.push_back(tree.directory(nullptr, "/usr/include/foo", scratch));
  search->traversed.push_back(unit.cwd_directory);
  EXPECT_THAT(entries(), UnorderedElementsAre("/w/src/a.cc", "/w/wanted/", "/w/through/"));
  search->traversed.push_back(tree.directory(nullptr, "/", scratch));
  EXPECT_EQ(plan().give_up, GiveUp::NotSendable) << "'..' was taken at the root";
}

TEST_F(SendPlanTest, AbsoluteFilesOfRewrittenOptionsAreSent) {
  fs.write("/w/inc/x.h", "x");
  fs.write("/w/forced/f.h", "f");
  fs.write("/w/forced/g.h", "g");
  fs.write("/w/src/b.h", "b");
  begin();
  search_in("/w/inc/");
  unit.forced.push_back({"/w/forced/f.h", false});
  add("/w/src/a.cc");
  add("/w/inc/x.h");
  add("/w/forced/f.h");
  add("/w/forced/g.h");
  add("/w/src/b.h");
  EXPECT_THAT(entries(),
              ElementsAre("/w/src/a.cc", "/w/inc/x.h", "/w/forced/f.h", "/w/forced/g.h", "/w/src/b.h"));
}

TEST_F(SendPlanTest, AnAbsoluteIncludeIsNotSendable) {
  fs.write("/opt/abs.h", "x");
  begin();
  search_in("/opt/a");
  add("../src/a.cc");
  add("/opt/abs.h");
  closure.absolute_names.push_back({spelling(intern("/opt/abs.h")), nullptr, "a.cc:7"});
  const SendPlan made = plan();
  EXPECT_EQ(made.give_up, GiveUp::AbsoluteInclude);
  EXPECT_EQ(made.detail, "/opt/abs.h, named in a.cc:7");
  EXPECT_THAT(made.entries, IsEmpty());
  rules = {.force_directories = false, .unsafe_absolute_includes = true};
  EXPECT_THAT(entries(), ElementsAre("/w/src/a.cc"));
}

TEST_F(SendPlanTest, AbsoluteIncludesBecomeRelative) {
  fs.write("/w/build/unity.cc",
           "#include \"/w/link/a.cc\"\n#include \"/usr/include/stdio.h\"\n#include \"/w/gone.cc\"\n");
  fs.make_link("/w/link", "src");
  fs.write("/w/src/beside.h", "b");
  begin();
  add("unity.cc");
  add("/w/link/a.cc");
  add("/w/link/beside.h");
  add("/usr/include/stdio.h");
  EXPECT_THAT(entries(),
              ElementsAre("/w/build/unity.cc", "/w/src/a.cc", "/w/src/beside.h", "/w/link -> /w/src"));
  const SendPlan made = plan();
  ASSERT_EQ(made.entries[0].edits.replacements.size(), 1U);
  EXPECT_EQ(made.entries[0].edits.replacements[0].text, "\"..//.//..//.//w/link/a.cc\"");
  EXPECT_THAT(made.entries[1].edits.replacements, IsEmpty());
  unit.maps_names_over_cwd = true;
  EXPECT_EQ(plan().entries[0].edits.replacements[0].text, "\"/proc/self/cwd/../..///./w/link/a.cc\"");
}

TEST_F(SendPlanTest, AnAbsoluteIncludeThatCannotBecomeRelativeIsRefused) {
  fs.write("/w/build/unity.cc", "#include \\\n\"/w/src/a.cc\"\n");
  begin();
  search_in("/w/src");  // the search path does not help
  add("unity.cc");
  add("/w/src/a.cc");
  EXPECT_EQ(plan().give_up, GiveUp::AbsoluteInclude);
}

// Its bytes become part of the object: a #line in the copy would, too.
TEST_F(SendPlanTest, TheCopyOfAnEmbeddedFileIsEqualToTheFile) {
  fs.write("/w/src/x.bin", "x");
  begin();
  add("/w/src/a.cc");
  ClosureFile& embedded = add("/w/src/x.bin");
  embedded.embedded = true;
  embedded.entered = false;
  const SendPlan made = plan();
  EXPECT_EQ(made.give_up, GiveUp::None);
  const auto entry = std::find_if(made.entries.begin(), made.entries.end(), [](const SendPlanEntry& one) {
    return one.kind == SendPlanEntry::Kind::File && one.real_path() == "/w/src/x.bin";
  });
  ASSERT_NE(entry, made.entries.end());
  EXPECT_FALSE(entry->edits.any());
}

TEST_F(SendPlanTest, AFileThatIsEmbeddedAndIncludedByAnAbsolutePathIsNotSendable) {
  fs.write("/w/src/x.h", "1");
  begin();
  add("/w/src/a.cc");
  add("/w/src/x.h").embedded = true;
  EXPECT_EQ(plan().give_up, GiveUp::NotSendable);
}

TEST_F(SendPlanTest, MixedSpellingsAreNotSendable) {
  fs.write("/w/inc/x.h", "x");
  begin();
  search_in("/w/inc");
  add("../src/a.cc");
  add("/w/inc/x.h").mixed_spellings = true;
  EXPECT_EQ(plan().give_up, GiveUp::NotSendable);
}

TEST_F(SendPlanTest, ASourceInADefaultDirectoryIsNotSendable) {
  fs.write("/usr/include/foo/s.cc", "s");
  begin();
  add("/usr/include/foo/s.cc");
  EXPECT_EQ(plan().give_up, GiveUp::NotSendable);
}

TEST_F(SendPlanTest, EqualPragmaOnceFilesGetDifferentPadding) {
  for (const char* path : {"/w/1/x.h", "/w/2/x.h", "/w/3/x.h"}) {
    fs.write(path, "#pragma once\n");
    fs.pass_second();
  }
  fs.write("/w/1/y.h", "same");
  fs.write("/w/2/y.h", "same");
  begin();
  add("../src/a.cc");
  add("../1/x.h").pragma_once = true;
  add("../2/x.h").pragma_once = true;
  add("../3/x.h");
  add("../1/y.h");
  add("../2/y.h");
  const SendPlan made = plan();
  ASSERT_EQ(made.entries.size(), 6U);
  EXPECT_THAT((std::vector<unsigned>{made.entries[1].edits.padding, made.entries[2].edits.padding,
                                     made.entries[3].edits.padding}),
              UnorderedElementsAre(0U, 1U, 2U));
  EXPECT_EQ(made.entries[4].edits.padding, 0U);
  EXPECT_EQ(made.entries[5].edits.padding, 0U);
}

TEST_F(SendPlanTest, ImportedFilesArePaddedWithoutPragmaOnce) {
  unit.language = "objective-c";
  fs.write("/w/1/y.h", "same");
  fs.pass_second();
  fs.write("/w/2/y.h", "same");
  begin();
  add("../src/a.cc");
  add("../1/y.h");
  add("../2/y.h");
  const SendPlan made = plan();
  EXPECT_NE(made.entries[1].edits.padding, made.entries[2].edits.padding);
}

TEST_F(SendPlanTest, EqualPragmaOnceFilesOfOneSecondAreOneFileAndLinks) {
  fs.write("/w/1/x.h", "#pragma once\n");
  fs.write("/w/2/x.h", "#pragma once\n");
  fs.pass_second();
  fs.write("/w/3/x.h", "#pragma once\n");
  begin();
  add("../src/a.cc");
  add("../1/x.h").pragma_once = true;
  add("../2/x.h").entered = false;
  add("../3/x.h").pragma_once = true;
  EXPECT_THAT(entries(), UnorderedElementsAre("/w/src/a.cc", "/w/1/x.h", "/w/2/x.h -> /w/1/x.h", "/w/3/x.h"));
  const SendPlan made = plan();
  EXPECT_NE(made.entries[1].edits.padding, made.entries[3].edits.padding);
}

TEST_F(SendPlanTest, AmongEqualFilesTheEnteredOneStaysAFile) {
  fs.write("/w/1/x.h", "#pragma once\n");
  fs.write("/w/2/x.h", "#pragma once\n");
  begin();
  add("../src/a.cc");
  add("/w/1/x.h").entered = false;
  add("../2/x.h").pragma_once = true;
  EXPECT_THAT(entries(), UnorderedElementsAre("/w/src/a.cc", "/w/1/x.h -> /w/2/x.h", "/w/2/x.h"));
}

TEST_F(SendPlanTest, EqualPragmaOnceFilesEnteredByAnAbsoluteNameAreNotSendable) {
  fs.write("/w/1/x.h", "#pragma once\n");
  fs.write("/w/2/x.h", "#pragma once\n");
  begin();
  add("../src/a.cc");
  add("/w/1/x.h").pragma_once = true;
  add("../2/x.h");
  EXPECT_EQ(plan().give_up, GiveUp::NotSendable);
}

TEST_F(SendPlanTest, AHeaderTakenForTheServersOwnIsNotSendable) {
  fs.write("/w/src/foo.h", "int f;");
  begin();
  add("../src/a.cc");
  const Entry* own = add("/usr/include/foo/foo.h").entry;
  add("../src/foo.h").taken_for = own;
  EXPECT_EQ(plan().give_up, GiveUp::NotSendable);
}

TEST_F(SendPlanTest, ClangGetsALinkForAHardLink) {
  auto clang = std::make_shared<CompilerProfile>(*unit.profile);
  clang->clang = true;
  unit.profile = clang;
  fs.write("/w/1/x.h", "x");
  fs.make_hard_link("/w/1/x.h", "/w/2/y.h");
  begin();
  add("../src/a.cc");
  const Entry* first = add("../1/x.h").entry;
  add("../2/y.h").taken_for = first;
  EXPECT_THAT(entries(), UnorderedElementsAre("/w/src/a.cc", "/w/1/x.h", "/w/2/y.h -> /w/1/x.h"));
}

TEST_F(SendPlanTest, DotsBeyondTheRootAreNotSendable) {
  fs.write("/w/inc/x.h", "x");
  begin();
  add("../src/a.cc");
  add("../../w/inc/x.h");
  EXPECT_EQ(plan().give_up, GiveUp::None);
  add("../../../w/inc/x.h");
  EXPECT_EQ(plan().give_up, GiveUp::NotSendable);
}

TEST_F(SendPlanTest, ADefaultDirectoryThatIsLeftByDotsIsCreated) {
  fs.write("/w/inc/x.h", "x");
  fs.make_link("/w/own", "/usr/include");
  begin();
  search_in("/usr/include/../../w/inc");
  add("../src/a.cc");
  add("/usr/include/../../w/inc/x.h");
  EXPECT_THAT(entries(), UnorderedElementsAre("/w/src/a.cc", "/w/inc/x.h", "/usr/include/"));
  add("../own/stdio.h");
  EXPECT_EQ(plan().give_up, GiveUp::NotSendable);
}

// The names may be missing: the server's own files count.
TEST_F(SendPlanTest, AnAbsoluteNameIsTheServersInDefaultDirectoriesOnly) {
  fs.make_link("/w/own", "/usr/include");
  fs.make_link("/lib", "usr/lib");
  fs.make_directory("/usr/share");
  const auto named = [&](const std::string& name) {
    closure.absolute_names = {{spelling(intern(name)), nullptr, "a.cc:1"}};
    return plan().give_up;
  };
  begin();
  add("../src/a.cc");
  for (const char* name :
       {"/usr/include/stdio.h", "/usr/include/gone.h", "/usr/include/gone/x.h", "/usr/include/foo/../stdio.h",
        "/usr/lib/../include/stdio.h", "/lib/gcc/include/x.h"})
    EXPECT_EQ(named(name), GiveUp::None) << name;
  for (const char* name :
       {"/w/own/stdio.h", "/w/own/gone.h", "/w/src/gone.h", "/gone/x.h", "/usr/gone.h", "/gone",
        "/usr/share/gone.h", "/w/../usr/include/stdio.h", "/../usr/include/stdio.h",
        "/usr/share/../include/stdio.h", "/usr/include/../../w/src/a.cc", "/w/src/a.cc/x.h"})
    EXPECT_EQ(named(name), GiveUp::AbsoluteInclude) << name;
}

// The server's own system header has the absolute name; no copy replaces it.
TEST_F(SendPlanTest, AnAbsoluteNameInASystemHeaderIsNotSendable) {
  fs.write("/usr/include/stdio.h", "#include \"/w/src/b.h\"\n");
  fs.write("/w/src/a.cc", "#include <stdio.h>\n#include \"/w/src/b.h\"\n");
  fs.write("/w/src/b.h", "");
  begin();
  const ClosureFile source = add("../src/a.cc");
  const ClosureFile system = add("/usr/include/stdio.h");
  add("/w/src/b.h");
  closure.absolute_names = {{spelling(intern("/w/src/b.h")), source.entry, "a.cc:2"}};
  EXPECT_EQ(plan().give_up, GiveUp::None);
  closure.absolute_names.push_back({spelling(intern("/w/src/b.h")), system.entry, "stdio.h:1"});
  EXPECT_EQ(plan().detail, "/w/src/b.h, named in stdio.h:1");
}

// Debian 13: /usr/include/x86_64-linux-gnu/asm leads to /usr/lib/linux/uapi/x86/asm.
TEST_F(SendPlanTest, ASystemHeaderOverALinkOfItsDirectoryIsNotSent) {
  fs.write("/usr/lib/linux/uapi/asm/errno.h", "e");
  fs.write("/w/src/a.h", "h");
  fs.make_link("/usr/include/x86/asm", "../../lib/linux/uapi/asm");
  begin();
  add("../src/a.cc");
  add("/usr/include/x86/asm/errno.h").servers_own = true;
  add("../src/a.h");
  EXPECT_THAT(entries(), ElementsAre("/w/src/a.cc", "/w/src/a.h"));
  closure.files[1].servers_own = false;  // also found by another name
  EXPECT_THAT(entries(), ElementsAre("/w/src/a.cc", "/usr/lib/linux/uapi/asm/errno.h", "/w/src/a.h"));
}

// -Wmissing-include-dirs: an empty directory must exist on the server, too.
TEST_F(SendPlanTest, ARequiredDirectoryInsideADefaultOneIsCreated) {
  fs.make_directory("/usr/include/empty");
  fs.make_link("/usr/include/link", "empty");
  fs.make_link("/w/own", "/usr/include");
  begin();
  const Directory* const empty = tree.directory(nullptr, "/usr/include/empty", scratch);
  add("../src/a.cc");
  EXPECT_THAT(entries(), ElementsAre("/w/src/a.cc"));
  unit.required_directories = {empty};
  EXPECT_THAT(entries(), ElementsAre("/w/src/a.cc", "/usr/include/empty/"));
  Trace trace;
  tree.directory(nullptr, "/usr/include/link", trace);
  unit.required_links = trace.links;
  EXPECT_EQ(plan().give_up, GiveUp::NotSendable);
  unit.required_links = {};
  add("../own/stdio.h");  // /usr/include is the server's own there: is "empty" in it?
  EXPECT_EQ(plan().give_up, GiveUp::NotSendable);
}

TEST_F(SendPlanTest, ThePlanDependsOnTheLinksItResolved) {
  fs.write("/w/real/x.h", "x");
  fs.make_link("/w/inc", "/w/real");
  begin();
  add("../src/a.cc");
  add("../inc/x.h");
  const SendPlan made = plan();
  EXPECT_THAT(made.consulted, testing::Contains(closure.links.front()));
}

}  // namespace
}  // namespace pump::include_server
