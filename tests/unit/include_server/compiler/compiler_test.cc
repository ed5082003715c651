#include "pump/include_server/compiler/compiler.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "pump/include_server/compiler/compiler_queries.h"
#include "pump/include_server/file_tree/os_file_system.h"
#include "pump/os/process.h"

namespace pump::include_server {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

TEST(CompilerProbeTest, SearchListsAsPrinted) {
  const SearchListing listing = parse_search_listing(
      "ignoring nonexistent directory \"/usr/local/include/x\"\n"
      "ignoring duplicate directory \"a b\"\n"
      "  as it is a non-system directory that duplicates a system directory\n"
      "#include \"...\" search starts here:\n"
      " q\n"
      "#include <...> search starts here:\n"
      "  leading blank\n"
      " /usr/include\n"
      " /F (framework directory)\n"
      "End of search list.\n"
      " not/in/the/list\n");
  EXPECT_THAT(listing.quote, ElementsAre("q"));
  EXPECT_THAT(listing.bracket, ElementsAre(" leading blank", "/usr/include"));
  EXPECT_THAT(listing.dropped, ElementsAre("/usr/local/include/x", "a b"));
  EXPECT_TRUE(listing.frameworks);
}

TEST(CompilerProbeTest, PredefinedMacrosWithoutThoseOfStdcPredef) {
  CompilerProfile profile;
  parse_predefined(
      "# 0 \"<built-in>\"\n#define __A 1\n# 0 \"<command-line>\"\n#define __B 2\n"
      "# 1 \"/usr/include/stdc-predef.h\" 1 3 4\n#define __STDC_ISO_10646__ 1\n# 0 \"<command-line>\" 2\n"
      "#undef __A\npump_begin\n#define __C 3\n",
      profile);
  EXPECT_EQ(profile.predefined, "#define __A 1\n#define __B 2\n#undef __A\n");
  EXPECT_TRUE(profile.preincludes_stdc_predef);
}

TEST(CompilerProbeTest, TheEnvironmentIsTheClientsWithoutWhatIsForOthers) {
  const auto environment = probe_environment(
      os::Environment::from_strings({"PATH=/bin", "GCC_EXEC_PREFIX=/x", "DISTCC_HOSTS=h", "LANG=de_DE.UTF-8",
                                     "CPATH=/i", "DEPENDENCIES_OUTPUT=/d", "INCLUDE_SERVER_PORT=/p"}));
  EXPECT_THAT(environment.strings(), ElementsAre("PATH=/bin", "GCC_EXEC_PREFIX=/x", "LC_ALL=C"));
}

TEST(CompilerQueriesTest, OnlyHarmlessQueriesAreAsked) {
  EXPECT_EQ(sanitised_query("__has_builtin ( __builtin_abs )"), "__has_builtin(__builtin_abs)");
  EXPECT_EQ(sanitised_query("__has_cpp_attribute(gnu::unused)"), "__has_cpp_attribute(gnu::unused)");
  EXPECT_EQ(sanitised_query("__has_warning(\"-Wx\")"), "__has_warning(\"-Wx\")");
  EXPECT_EQ(sanitised_query("__is_target_arch(x86_64)"), "__is_target_arch(x86_64)");
  for (const char* query :
       {"", "x", "__has_builtin", "__has_builtin()", "__has_include(<x>)", "__has_include_next(\"x\")",
        "__has_embed(\"x\")", "system(x)", "__has_builtin(a)\n#include \"/etc/passwd\"", "__has_builtin(a",
        "__has_builtin(a)b", "__has_builtin(a)||(b)", "__has_warning(\"x)", "__has_x(`id`)",
        "__has_x(a;b)"}) {
    EXPECT_EQ(sanitised_query(query), "") << query;
  }
  EXPECT_EQ(sanitised_query("__has_builtin(" + std::string(400, 'x') + ")"), "");
}

TEST(CompilerQueriesTest, AnswersAreReadBack) {
  EXPECT_FALSE(read_answers("pump_begin\npump_name 0\n").complete);
  const ProbeAnswers answers = read_answers(
      "pump_name 0\npump_value 0 0\npump_value 1 1\npump_value 2 201907L\n"
      "pump_value 3 __has_x(y)\npump_value 4 0 :y)\npump_value 5\npump_value 99999 1\npump_value 6 \n"
      "pump_raw pump_no_raw \"()\"\npump_comment / x\npump_directive 1 //2\n"
      "pump_separator 1'B'pump_no_separator\npump_trigraph \"#\"\npump_dollar x $pump_no_dollar\npump_end\n");
  EXPECT_TRUE(answers.complete);
  EXPECT_THAT(answers.builtin_names, ElementsAre("__has_include"));
  ASSERT_EQ(answers.known_queries.size(), 3U);
  EXPECT_EQ(answers.known_queries[0].second, 0);
  EXPECT_EQ(answers.known_queries[1].second, 1);
  EXPECT_EQ(answers.known_queries[2].second, 201907);
  EXPECT_FALSE(answers.lex.raw_strings || answers.lex.line_comments || answers.lex.digit_separators ||
               answers.lex.dollars || answers.lex.elifdef);
  EXPECT_TRUE(answers.lex.trigraphs && answers.lex.c90_comments);
  const Dialect nothing{.operator_words = false,
                        .true_is_one = false,
                        .shifts_reverse = false,
                        .ascii = false,
                        .wide_ascii = false};
  EXPECT_EQ(answers.dialect, nothing);
  EXPECT_FALSE(answers.lex.digraphs || answers.lex.unicode_names);
  const Dialect other =
      read_answers(
          "pump_true\npump_unsigned_char\npump_reverse\npump_words\npump_ascii\npump_wide_ascii\n"
          "pump_unsigned_wide\npump_comma keeps\n")
          .dialect;
  EXPECT_EQ(other, (Dialect{.signed_char = false, .signed_wide = false, .keeps_lone_comma = true}));
}

TEST(CompilerQueriesTest, TheAnswerToOneQueryIsAllOfItsBits) {
  EXPECT_EQ(read_query_answer("pump_asked\npump_bit 0\npump_bit 4\npump_end\n"), 17);
  EXPECT_EQ(read_query_answer("pump_asked\npump_bit 40\npump_end\n"), std::int64_t{1} << 40);
  EXPECT_EQ(read_query_answer("pump_asked\npump_zero\npump_end\n"), 0);
  EXPECT_EQ(read_query_answer("pump_asked\npump_negative\npump_bit 4\npump_end\n"), std::nullopt);
  EXPECT_EQ(read_query_answer("pump_asked\npump_end\n"), std::nullopt) << "ill-formed to the compiler";
  EXPECT_EQ(read_query_answer("pump_asked\npump_zero\n"), std::nullopt) << "it came to no end";
}

TEST(CompilerQueriesTest, WhetherAPragmaDefinesMacrosIsToldByErrors) {
  EXPECT_TRUE(pragma_query_text(pragma_query("optimize")));
  EXPECT_TRUE(pragma_query_text(pragma_query("target")));
  EXPECT_FALSE(pragma_query_text("__has_builtin(x)"));
  EXPECT_EQ(read_pragma_answer("x:1:2: error: #error pump_end\n"), 0);
  EXPECT_EQ(read_pragma_answer("x: error: #error pump_defines_macros\nx: error: #error pump_end\n"), 1);
  EXPECT_EQ(read_pragma_answer("cc1plus: error: out of memory\n"), std::nullopt);
}

// What clang 14, 16, 17 and 23 print for naming_layout().
class NamingAnswers : public testing::Test {
 protected:
  static Dialect dialect(const std::vector<std::string>& names) {
    const std::vector<std::string> keys = {"entered", "met", "beside", "again", "beside", "named"};
    std::string output = "pump_begin\npump_end\n";
    for (std::size_t i = 0; i < keys.size() && i < names.size(); ++i)
      output += "pump_" + keys[i] + " \"/tmp/probe" + names[i] + "\"\n";
    return read_answers(output).dialect;
  }
};

TEST_F(NamingAnswers, OfTheLatestLookup) {
  const Dialect told = dialect({"/a/x.h", "/c/../c/x.h", "/c/beside.h", "/b/x.h", "/c/beside.h", "/./d/z.h"});
  EXPECT_EQ(told.files, FileNaming::LastLookup);
  EXPECT_EQ(told.directories, DirectoryNaming::First);
}

TEST_F(NamingAnswers, OfTheFirstIncludeAndTheDirectorysFirstLookup) {
  const Dialect told = dialect({"/a/x.h", "/a/x.h", "/c/beside.h", "/a/x.h", "/c/beside.h", "/./d/z.h"});
  EXPECT_EQ(told.files, FileNaming::First);
  EXPECT_EQ(told.directories, DirectoryNaming::First);
}

TEST_F(NamingAnswers, OfTheFirstInclude) {
  const Dialect told = dialect({"/a/x.h", "/a/x.h", "/a/beside.h", "/a/x.h", "/a/beside.h", "/d/z.h"});
  EXPECT_EQ(told.files, FileNaming::First);
  EXPECT_EQ(told.directories, DirectoryNaming::OfFile);
}

TEST_F(NamingAnswers, OfEachInclude) {
  const Dialect told = dialect({"/a/x.h", "/a/x.h", "/a/beside.h", "/b/x.h", "/b/beside.h", "/d/z.h"});
  EXPECT_EQ(told.files, FileNaming::EachInclude);
  EXPECT_EQ(told.directories, DirectoryNaming::OfFile);
}

TEST_F(NamingAnswers, ThatFitNoRuleAreNone) {
  for (const auto& names : std::vector<std::vector<std::string>>{
           {"/a/x.h"},
           {"/a/x.h", "/a/x.h", "/a/beside.h", "/b/x.h", "/a/beside.h", "/d/z.h"},
           {"/a/x.h", "/c/x.h", "/a/beside.h", "/b/x.h", "/a/beside.h", "/d/z.h"},
           {"/c/x.h", "/c/x.h", "/c/beside.h", "/c/x.h", "/c/beside.h", "/d/z.h"}})
    EXPECT_EQ(dialect(names).directories, DirectoryNaming::Unsure) << testing::PrintToString(names);
}

class CompilersTest : public testing::TestWithParam<const char*> {
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

  Expected<Compilers::Known> ask(const std::string& name, const std::vector<std::string>& flags,
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
    return compilers_.profile(request, snapshot.generation());
  }
  void script(const std::string& name, const std::string& text) {
    std::ofstream(directory_ + "/bin/" + name, std::ios::trunc) << "#!/bin/sh\n" << text;
    std::filesystem::permissions(directory_ + "/bin/" + name, std::filesystem::perms::owner_all);
  }

  std::string directory_;
  os::Environment environment_ = os::Environment::current();
  OsFileSystem file_system_;
  FileTree tree_{file_system_};
  Compilers compilers_{tree_};
};

// Every line of the compiler's own -dM is in `predefined`, but for stdc-predef.h's and what only counts.
TEST_P(CompilersTest, PredefinedMacrosAreTheCompilersOwn) {
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

TEST_P(CompilersTest, KnownQueriesAgreeWithThoseAskedOneByOne) {
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

TEST_P(CompilersTest, NamesOfFilesAreThoseOfOneRule) {
  const auto known = ask(GetParam(), {});
  ASSERT_TRUE(known.has_value()) << known.error().message;
  EXPECT_NE(known->profile->dialect.directories, DirectoryNaming::Unsure);
  if (!known->profile->clang) {
    EXPECT_EQ(known->profile->dialect.files, FileNaming::EachInclude);
  }
}

TEST_P(CompilersTest, CharactersAndLettersAreTheModes) {
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
  if (usual->profile->clang) return;  // knows no other character set
  const auto ebcdic = ask(GetParam(), {"-fexec-charset=IBM1047", "-fwide-exec-charset=UTF-32BE"});
  ASSERT_TRUE(ebcdic.has_value()) << ebcdic.error().message;
  EXPECT_FALSE(ebcdic->profile->dialect.ascii || ebcdic->profile->dialect.wide_ascii);
}

TEST_P(CompilersTest, WhetherAPragmaDefinesMacrosIsAsked) {
  const auto in_c = ask(GetParam(), {}, "c");
  ASSERT_TRUE(in_c.has_value()) << in_c.error().message;
  const std::int64_t expected = in_c->profile->clang ? 0 : 1;
  EXPECT_EQ(compilers_.ask(*in_c->profile, pragma_query("optimize")), expected);
  const auto in_cxx = ask(GetParam(), {});
  ASSERT_TRUE(in_cxx.has_value()) << in_cxx.error().message;
  EXPECT_TRUE(compilers_.ask(*in_cxx->profile, pragma_query("optimize")).has_value());
}

TEST_P(CompilersTest, CIsNotAskedInCxx) {
  const auto known = ask(GetParam(), {}, "c");
  ASSERT_TRUE(known.has_value());
  EXPECT_THAT(known->profile->predefined, Not(HasSubstr("#define __cplusplus")));
  EXPECT_FALSE(known->profile->lex.cplusplus);
}

TEST_P(CompilersTest, OneProfilePerFlagsUntilTheCompilerChanges) {
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

TEST_P(CompilersTest, ADefaultDirectoryThatAppearsIsNoticed) {
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

TEST_P(CompilersTest, FailuresAreErrorsThatNameTheCompiler) {
  script("broken", "echo 'fatal error: no such thing' >&2\nexit 3\n");
  const auto broken = ask(directory_ + "/bin/broken", {});
  ASSERT_FALSE(broken.has_value());
  EXPECT_THAT(broken.error().message, HasSubstr("broken"));
  EXPECT_THAT(broken.error().message, HasSubstr("no such thing"));
  EXPECT_FALSE(ask(GetParam(), {"-not-an-option"}).has_value());
}

TEST_P(CompilersTest, FindingPassesOverMasqueradesAndNonExecutables) {
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

INSTANTIATE_TEST_SUITE_P(Compilers, CompilersTest, testing::Values("g++", "clang++"));

}  // namespace

bool operator==(const FoundCompiler& a, const FoundCompiler& b) {
  return a.path == b.path && a.entry == b.entry;
}

}  // namespace pump::include_server
