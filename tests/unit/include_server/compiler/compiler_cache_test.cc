#include "pump/include_server/compiler/compiler_cache.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "pump/include_server/compiler/compiler_query.h"
#include "pump/include_server/file_tree/os_file_system.h"
#include "pump/os/process.h"

namespace pump::include_server {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class CompilerCacheTest : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    const auto path = os::find_program(GetParam(), std::getenv("PATH"));
    if (!path) GTEST_SKIP() << GetParam() << " is not installed";
    directory_ =
        std::filesystem::canonical(testing::TempDir()).string() + "/compilers." + std::to_string(::getpid());
    std::filesystem::remove_all(directory_);
    std::filesystem::create_directories(directory_ + "/bin");
  }
  void TearDown() override {
    if (!directory_.empty()) std::filesystem::remove_all(directory_);
  }

  Expected<CompilerCache::CachedProfile> ask(const std::string& name, const std::vector<std::string>& flags,
                                             const std::string& language = "c++") {
    const FileTree::Snapshot snapshot = tree_.begin();
    Trace trace;
    ProfileRequest request;
    const auto found = find_compiler(tree_, tree_.directory(nullptr, directory_, trace), name,
                                     environment_.get_or("PATH", ""), trace);
    if (!found) return fail("not found");
    request.compiler = *found;
    request.flags = flags;
    request.language = language;
    request.environment = &environment_;
    return compilers_.profile(snapshot, request);
  }
  void script(const std::string& name, const std::string& text) {
    std::ofstream(directory_ + "/bin/" + name, std::ios::trunc) << "#!/bin/sh\n" << text;
    std::filesystem::permissions(directory_ + "/bin/" + name, std::filesystem::perms::owner_all);
  }

  std::string directory_;
  os::Environment environment_ = os::Environment::current();
  OsFileSystem file_system_;
  FileTree tree_{file_system_};
  CompilerCache compilers_{tree_};
};

// Every line of the compiler's own -dM is in `predefined`, except those of stdc-predef.h.
TEST_P(CompilerCacheTest, PredefinedMacrosEqualTheCompilersOwnList) {
  for (const std::vector<std::string>& flags : std::vector<std::vector<std::string>>{
           {}, {"-O2", "-fPIC"}, {"-std=c++20", "-fopenmp", "-pthread"}, {"-undef"}}) {
    const auto known = ask(GetParam(), flags);
    ASSERT_TRUE(known.has_value()) << known.error().message;
    os::SpawnOptions spawn;
    spawn.program = *os::find_program(GetParam(), std::getenv("PATH"));
    spawn.argv = {GetParam()};
    spawn.argv.insert(spawn.argv.end(), flags.begin(), flags.end());
    for (const char* word : {"-E", "-dM", "-nostdinc", "-x", "c++", "/dev/null"})
      spawn.argv.emplace_back(word);
    const auto ran = os::run(spawn, std::chrono::seconds(30));
    ASSERT_TRUE(ran.has_value());
    std::istringstream lines(ran->out);
    unsigned compared = 0;
    for (std::string line; std::getline(lines, line); ++compared)
      EXPECT_THAT(known->profile->predefined, HasSubstr(line + "\n"));
    EXPECT_GT(compared, 3U);
    const auto count = static_cast<unsigned>(
        std::count(known->profile->predefined.begin(), known->profile->predefined.end(), '\n'));
    EXPECT_EQ(compared, count);
  }
}

TEST_P(CompilerCacheTest, AnswersInAdvanceEqualThoseOfSingleQueries) {
  const auto known = ask(GetParam(), {});
  ASSERT_TRUE(known.has_value());
  EXPECT_GT(known->profile->known_queries.size(), 400U);
  unsigned index = 0;
  for (const auto& [query, value] : known->profile->known_queries) {
    if (index++ % 60 != 0 && value < 2) continue;
    EXPECT_EQ(compilers_.ask(*known->profile, query), value) << query;
  }
  EXPECT_THAT(known->profile->builtin_names, Contains("__has_include"));
  EXPECT_THAT(known->profile->builtin_names, Contains("__COUNTER__"));
  EXPECT_EQ(known->profile->clang, std::string(GetParam()) == "clang++");
}

TEST_P(CompilerCacheTest, FileNamesFollowAKnownRule) {
  const auto known = ask(GetParam(), {});
  ASSERT_TRUE(known.has_value()) << known.error().message;
  EXPECT_NE(known->profile->dialect.directories, DirectoryNaming::Unsure);
  if (!known->profile->clang) {
    EXPECT_EQ(known->profile->dialect.files, FileNaming::EachInclude);
  }
}

TEST_P(CompilerCacheTest, CharacterSetAndIdentifierLettersDependOnTheMode) {
  const auto usual = ask(GetParam(), {});
  ASSERT_TRUE(usual.has_value()) << usual.error().message;
  EXPECT_TRUE(usual->profile->dialect.ascii && usual->profile->dialect.wide_ascii);
  EXPECT_TRUE(usual->profile->dialect.operator_words && usual->profile->dialect.signed_wide);
  EXPECT_TRUE(usual->profile->lex.unicode_names && usual->profile->lex.digraphs);
  const auto c90 = ask(GetParam(), {"-std=c90"}, "c");
  ASSERT_TRUE(c90.has_value()) << c90.error().message;
  EXPECT_FALSE(c90->profile->lex.unicode_names || c90->profile->lex.digraphs);
  EXPECT_FALSE(c90->profile->dialect.operator_words);
  const auto other = ask(GetParam(), {"-fshort-wchar", "-fno-operator-names"});
  ASSERT_TRUE(other.has_value()) << other.error().message;
  EXPECT_FALSE(other->profile->dialect.signed_wide || other->profile->dialect.operator_words);
  if (usual->profile->clang) return;  // supports no other character set
  const auto ebcdic = ask(GetParam(), {"-fexec-charset=IBM1047", "-fwide-exec-charset=UTF-32BE"});
  ASSERT_TRUE(ebcdic.has_value()) << ebcdic.error().message;
  EXPECT_FALSE(ebcdic->profile->dialect.ascii || ebcdic->profile->dialect.wide_ascii);
}

TEST_P(CompilerCacheTest, ReportsWhetherAPragmaDefinesMacros) {
  const auto in_c = ask(GetParam(), {}, "c");
  ASSERT_TRUE(in_c.has_value()) << in_c.error().message;
  const std::int64_t expected = in_c->profile->clang ? 0 : 1;
  EXPECT_EQ(compilers_.ask(*in_c->profile, pragma_query("optimize")), expected);
  const auto in_cxx = ask(GetParam(), {});
  ASSERT_TRUE(in_cxx.has_value()) << in_cxx.error().message;
  EXPECT_TRUE(compilers_.ask(*in_cxx->profile, pragma_query("optimize")).has_value());
}

TEST_P(CompilerCacheTest, CHasAProfileOfItsOwn) {
  const auto known = ask(GetParam(), {}, "c");
  ASSERT_TRUE(known.has_value());
  EXPECT_THAT(known->profile->predefined, Not(HasSubstr("#define __cplusplus")));
  EXPECT_FALSE(known->profile->lex.cplusplus);
}

TEST_P(CompilerCacheTest, SameFlagsGiveTheSameProfileUntilTheCompilerChanges) {
  script("cc", std::string("exec ") + GetParam() + " -DV1 \"$@\"\n");
  environment_.set("PATH", directory_ + "/bin:" + std::getenv("PATH"));
  const auto first = ask("cc", {"-O1"});
  ASSERT_TRUE(first.has_value()) << first.error().message;
  EXPECT_EQ(ask("cc", {"-O1"})->profile, first->profile);
  EXPECT_NE(ask("cc", {"-O2"})->profile, first->profile);
  script("cc", std::string("exec ") + GetParam() + " -DV2 \"$@\"\n");
  const auto second = ask("cc", {"-O1"});
  ASSERT_TRUE(second.has_value());
  EXPECT_NE(second->profile->id, first->profile->id);
  EXPECT_THAT(second->profile->predefined, HasSubstr("#define V2 1"));
  environment_.set("GCC_EXEC_PREFIX", "/nonexistent/");
  const auto other = ask("cc", {"-O1"});
  EXPECT_TRUE(!other || other->profile != second->profile);
}

TEST_P(CompilerCacheTest, ADefaultDirectoryThatAppearsIsInTheNextProfile) {
  std::filesystem::create_directories(directory_ + "/root/usr/include");
  const std::string added = directory_ + "/root/usr/local/include";
  const auto before = ask(GetParam(), {"--sysroot=" + directory_ + "/root"});
  ASSERT_TRUE(before.has_value()) << before.error().message;
  EXPECT_THAT(before->profile->system_directories, Not(Contains(added)));
  std::filesystem::create_directories(added);
  const auto after = ask(GetParam(), {"--sysroot=" + directory_ + "/root"});
  ASSERT_TRUE(after.has_value());
  EXPECT_THAT(after->profile->system_directories, Contains(added));
}

TEST_P(CompilerCacheTest, ErrorsNameTheCompilerAndItsFirstError) {
  script("broken", "echo 'fatal error: no such thing' >&2\nexit 3\n");
  const auto broken = ask(directory_ + "/bin/broken", {});
  ASSERT_FALSE(broken.has_value());
  EXPECT_THAT(broken.error().message, HasSubstr("broken"));
  EXPECT_THAT(broken.error().message, HasSubstr("no such thing"));
  EXPECT_FALSE(ask(GetParam(), {"-not-an-option"}).has_value());
}

TEST_P(CompilerCacheTest, FindCompilerSkipsMasqueradesAndNonExecutables) {
  std::filesystem::create_directories(directory_ + "/masquerade");
  std::filesystem::create_directories(directory_ + "/directories/tool");
  std::filesystem::create_directories(directory_ + "/plain");
  std::ofstream(directory_ + "/plain/tool") << "not executable";
  script("ccache", "exit 1\n");
  script("tool", "exit 0\n");
  std::filesystem::create_symlink("../bin/ccache", directory_ + "/masquerade/tool");
  const FileTree::Snapshot snapshot = tree_.begin();
  Trace trace;
  Directory* cwd = tree_.directory(nullptr, directory_, trace);
  const std::string path =
      directory_ + "/missing:" + directory_ + "/masquerade:directories:plain:" + directory_ + "/bin";
  const auto found = find_compiler(tree_, cwd, "tool", path, trace);
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->path, directory_ + "/bin/tool");
  EXPECT_EQ(find_compiler(tree_, cwd, "tool", "bin", trace)->path, directory_ + "/bin/tool");
  EXPECT_EQ(find_compiler(tree_, cwd, "masquerade/tool", path, trace)->path, directory_ + "/bin/tool");
  EXPECT_EQ(find_compiler(tree_, cwd, "tool", directory_ + "/masquerade", trace), std::nullopt);
  EXPECT_EQ(find_compiler(tree_, cwd, "plain/tool", path, trace), std::nullopt);
  EXPECT_THAT(trace.consulted, Not(IsEmpty()));
}

INSTANTIATE_TEST_SUITE_P(Compilers, CompilerCacheTest, testing::Values("g++", "clang++"));

}  // namespace

bool operator==(const FoundCompiler& a, const FoundCompiler& b) {
  return a.path == b.path && a.entry == b.entry;
}

}  // namespace pump::include_server
