// From requests to units: what is accepted, and what is refused for which reason. Real directories and real
// compilers.
#include "pump/include_server/unit/unit_builder.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <thread>

#include "pump/include_server/file_tree/os_file_system.h"
#include "pump/os/process.h"

namespace pump::include_server {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using Words = std::vector<std::string>;

class UnitBuilderTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!os::find_program("g++", std::getenv("PATH"))) GTEST_SKIP() << "g++ is not installed";
    root_ = std::filesystem::canonical(testing::TempDir()).string() + "/unit." + std::to_string(::getpid());
    std::filesystem::remove_all(root_);
    cwd_ = root_ + "/project";
    for (const char* name : {"include", "sub", "sys/usr/include", "list.d"})
      std::filesystem::create_directories(cwd_ + "/" + name);
    std::filesystem::create_directories(root_ + "/outside");
    for (const char* name : {"x.cc", "x.c", "sub/y.cc", "x.S", "x.s", "x.ii", "x.i", "x.m", "x.mm", "x.tcc",
                             "x.txt", "f.h", "list", "profile", "x.hpp", "b.cc"})
      write(name, "\n");
    write("only.h.pch", "");
  }
  void TearDown() override {
    if (!root_.empty()) std::filesystem::remove_all(root_);
  }

  void write(const std::string& name, const std::string& text) {
    std::ofstream(name.front() == '/' ? name : cwd_ + "/" + name, std::ios::trunc) << text;
  }

  UnitOrReason build(const Words& argv) {
    const FileTree::Snapshot snapshot = tree_.begin();
    return builder_.build(snapshot, cwd_, argv, environment_);
  }
  // The unit of "g++ OPTIONS -c x.cc -o x.o", which must be accepted.
  Unit unit(Words options, const std::string& source = "x.cc", const std::string& compiler = "g++") {
    options.insert(options.begin(), compiler);
    for (const std::string& word : {std::string("-c"), source, std::string("-o"), std::string("x.o")})
      options.push_back(word);
    UnitOrReason built = build(options);
    if (!built.unit)
      throw std::runtime_error(fmt::format("refused ({}): {} with {}", static_cast<int>(built.give_up),
                                           built.detail, testing::PrintToString(options)));
    return *std::move(built.unit);
  }
  GiveUp refused(Words options, const std::string& source = "x.cc", const std::string& compiler = "g++") {
    options.insert(options.begin(), compiler);
    for (const std::string& word : {std::string("-c"), source, std::string("-o"), std::string("x.o")})
      options.push_back(word);
    const UnitOrReason built = build(options);
    EXPECT_FALSE(built.unit.has_value());
    EXPECT_TRUE(built.unit || !built.detail.empty());
    return built.give_up;
  }
  static std::vector<std::string> macros(const Unit& unit) {
    std::vector<std::string> result;
    for (const MacroAction& macro : unit.macros)
      result.push_back((macro.undefine ? "#undef " : "#define ") + macro.text);
    return result;
  }
  static std::vector<std::string> forced(const Unit& unit) {
    std::vector<std::string> result;
    for (const ForcedFile& file : unit.forced)
      result.push_back((file.macros_only ? "macros " : "") + file.name);
    return result;
  }

  std::string root_, cwd_;
  os::Environment environment_ = os::Environment::current();
  OsFileSystem file_system_;
  FileTree tree_{file_system_};
  UnitBuilder builder_{tree_};
};

TEST_F(UnitBuilderTest, ResolvesACompileCommand) {
  const Unit built = unit({"-O2", "-Wall", "-Iinclude", "-DA=1"});
  EXPECT_EQ(built.source, "x.cc");
  EXPECT_EQ(built.language, "c++");
  EXPECT_EQ(built.cwd, cwd_);
  ASSERT_NE(built.cwd_directory, nullptr);
  EXPECT_EQ(built.cwd_directory->path(), cwd_);
  EXPECT_FALSE(built.preprocessed);
  EXPECT_FALSE(built.profile->clang);
  EXPECT_TRUE(built.profile->preincludes_stdc_predef);
  EXPECT_THAT(built.profile->predefined, HasSubstr("#define __OPTIMIZE__ 1\n"));
  EXPECT_THAT(built.profile->predefined, testing::Not(HasSubstr("#define A ")));
  EXPECT_THAT(built.profile->predefined, testing::Not(HasSubstr("__STDC_IEC_559__ ")));
  EXPECT_EQ(built.search->directories.at(0).spelled, "include");
  EXPECT_FALSE(built.search->directories.at(0).system);
  EXPECT_TRUE(built.search->directories.back().system);
  EXPECT_EQ(build({"g++", "-S", "sub/../sub/y.cc"}).unit->source, "sub/../sub/y.cc");
  EXPECT_EQ(build({"g++", "-c", cwd_ + "/x.cc"}).unit->source, cwd_ + "/x.cc");
}

TEST_F(UnitBuilderTest, MacrosAreInTheCompilersOrder) {
  EXPECT_THAT(macros(unit({"-DA", "-UB", "-D", "C=x y", "-DF(x)=x==1", "-DE=", "-U", "A", "-DM=\"a=b.h\""})),
              ElementsAre("#define A 1", "#undef B", "#define C x y", "#define F(x) x==1", "#define E ",
                          "#undef A", "#define M \"a=b.h\""));
  EXPECT_THAT(macros(unit({"-Wp,-DP", "--define-macro=A", "--undefine-macro", "B", "-Xpreprocessor", "-DX"})),
              ElementsAre("#define A 1", "#undef B", "#define P 1", "#define X 1"));
}

TEST_F(UnitBuilderTest, ImacrosComeBeforeIncludes) {
  EXPECT_THAT(forced(unit({"-include", "f.h", "-imacros", "m.h", "--include=g.h", "--imacros", "n.h",
                           "-includeh.h"})),
              ElementsAre("macros m.h", "macros n.h", "f.h", "g.h", "h.h"));
}

TEST_F(UnitBuilderTest, LexModeFollowsLanguageAndStandard) {
  const Unit cxx = unit({});
  EXPECT_TRUE(cxx.lex.raw_strings && cxx.lex.line_comments && cxx.lex.digit_separators && cxx.lex.cplusplus);
  EXPECT_FALSE(cxx.lex.trigraphs || cxx.lex.assembler);
  EXPECT_TRUE(cxx.lex.dollars);
  EXPECT_FALSE(unit({"-fno-dollars-in-identifiers"}).lex.dollars);
  EXPECT_TRUE(unit({"-std=c++14"}).lex.trigraphs);
  EXPECT_TRUE(unit({"-trigraphs"}).lex.trigraphs);
  EXPECT_FALSE(unit({"-std=c++98"}).lex.raw_strings);
  EXPECT_FALSE(unit({"-std=c++11"}).lex.digit_separators);
  EXPECT_EQ(unit({}, "x.c").language, "c++");
  const Unit c = unit({}, "x.c", "gcc");
  EXPECT_EQ(c.language, "c");
  EXPECT_FALSE(c.lex.cplusplus);
  EXPECT_FALSE(unit({"-std=gnu17"}, "x.c", "gcc").lex.digit_separators);
  EXPECT_TRUE(c.lex.raw_strings);
  const Unit c90 = unit({"-std=c90"}, "x.c", "gcc");
  EXPECT_FALSE(c90.lex.raw_strings || c90.lex.line_comments);
  EXPECT_TRUE(c90.lex.trigraphs);
  EXPECT_TRUE(unit({"-ansi"}, "x.c", "gcc").lex.trigraphs);
  EXPECT_TRUE(unit({"-std=c2x"}, "x.c", "gcc").lex.digit_separators);
  EXPECT_TRUE(unit({}, "x.S").lex.assembler);
  EXPECT_EQ(unit({}, "x.S").language, "assembler-with-cpp");
  EXPECT_TRUE(unit({}, "x.s").preprocessed);
  EXPECT_TRUE(unit({}, "x.s").lex.assembler);
  EXPECT_TRUE(unit({}, "x.ii").preprocessed);
  EXPECT_TRUE(unit({"-fpreprocessed"}).preprocessed);
  EXPECT_EQ(unit({"-xc++"}, "x.txt").language, "c++");
  EXPECT_EQ(unit({"-x", "c"}, "x.cc").language, "c");
}

TEST_F(UnitBuilderTest, AcceptsObjectiveC) {
  // Debian's gcc has no cc1obj unless gobjc is installed; clang always has.
  if (!os::find_program("clang", std::getenv("PATH"))) GTEST_SKIP() << "clang is not installed";
  EXPECT_EQ(unit({}, "x.m", "clang").language, "objective-c");
  EXPECT_EQ(unit({}, "x.mm", "clang").language, "objective-c++");
  EXPECT_THAT(unit({}, "x.m", "clang").profile->predefined, HasSubstr("#define __OBJC__ 1"));
}

TEST_F(UnitBuilderTest, ProfileReflectsUndefAndOtherFlags) {
  const Unit undef = unit({"-undef"});
  EXPECT_TRUE(undef.undefine_all);
  EXPECT_THAT(undef.profile->predefined, testing::Not(HasSubstr("__GNUC__ ")));
  EXPECT_THAT(undef.profile->predefined, HasSubstr("#define __cplusplus "));
  EXPECT_THAT(unit({"-fopenmp"}).profile->predefined, HasSubstr("#define _OPENMP "));
  EXPECT_THAT(unit({"-mavx2"}).profile->predefined, HasSubstr("#define __AVX2__ "));
  EXPECT_THAT(unit({"-fno-exceptions"}).profile->predefined,
              testing::Not(HasSubstr("#define __EXCEPTIONS ")));
  EXPECT_THAT(unit({"-std=c++20"}).profile->predefined, HasSubstr("#define __cplusplus 202002L"));
  EXPECT_THAT(unit({"-nostdinc", "-nostdinc++"}).search->directories, IsEmpty());
}

TEST_F(UnitBuilderTest, IrrelevantFlagsShareAProfile) {
  const Unit one = unit({"-Wall", "-O1", "-DA", "-Iinclude", "-MD", "-MF", "x.d", "-frandom-seed=1"});
  const Unit two =
      unit({"-Wno-error=foo", "-O1", "-DB", "-MMD", "-frandom-seed=2", "-fdiagnostics-color=always"});
  EXPECT_EQ(one.profile, two.profile);
  EXPECT_NE(one.profile, unit({"-O0"}).profile);
  EXPECT_NE(one.profile->id, unit({"-O0"}).profile->id);
}

TEST_F(UnitBuilderTest, RefusesCommandsThatDoNotCompileExactlyOneUnit) {
  for (const Words& argv : std::vector<Words>{{"g++", "x.cc"},
                                              {"g++", "-E", "x.cc"},
                                              {"g++", "-c", "-E", "x.cc"},
                                              {"g++", "-M", "x.cc"},
                                              {"g++", "-c", "-MM", "x.cc"},
                                              {"g++", "-c", "x.cc", "b.cc"},
                                              {"g++", "-c", "-x", "c++", "-"},
                                              {"g++", "-c"},
                                              {"g++", "-c", "x.o"},
                                              {"g++", "--version"},
                                              {"g++", "-c", "-###", "x.cc"},
                                              {"g++", "-c", "-fsyntax-only", "x.cc"},
                                              {"g++", "-c", "x.hpp"},
                                              {"g++", "-c", "-x", "c++-header", "x.cc"},
                                              {"g++", "-c", "x.tcc"}}) {
    const UnitOrReason built = build(argv);
    EXPECT_FALSE(built.unit) << testing::PrintToString(argv);
    EXPECT_EQ(built.give_up, GiveUp::NotOneTranslationUnit) << testing::PrintToString(argv) << built.detail;
  }
  EXPECT_TRUE(build({"g++", "-c", "x.cc", "lib.a", "other.o"}).unit);
  EXPECT_TRUE(build({"g++", "-v", "-c", "x.cc"}).unit);
}

TEST_F(UnitBuilderTest, RefusesMalformedCommandsAndMissingFiles) {
  EXPECT_EQ(build({}).give_up, GiveUp::MalformedCommand);
  EXPECT_EQ(build({"g++", "-c", "x.cc", "-I"}).give_up, GiveUp::MalformedCommand);
  EXPECT_EQ(refused({}, "missing.cc"), GiveUp::SourceMissing);
  EXPECT_EQ(refused({}, "x.cc", "no-such-compiler-anywhere"), GiveUp::CompilerUnknown);
  EXPECT_EQ(refused({}, "x.cc", "/bin/false"), GiveUp::CompilerUnknown);
  EXPECT_EQ(refused({"-no-such-flag-at-all"}), GiveUp::CompilerUnknown);
  const FileTree::Snapshot snapshot = tree_.begin();
  EXPECT_EQ(builder_.build(snapshot, cwd_ + "/gone", {"g++", "-c", "x.cc"}, environment_).give_up,
            GiveUp::SourceMissing);
  EXPECT_EQ(builder_.build(snapshot, "relative", {"g++", "-c", "x.cc"}, environment_).give_up,
            GiveUp::SourceMissing);
}

TEST_F(UnitBuilderTest, RefusesOptionsThatCannotBeSent) {
  for (const Words& options : std::vector<Words>{{"-fplugin=./p.so"},
                                                 {"-fmodules-ts"},
                                                 {"-fmodule-mapper=x.modmap"},
                                                 {"-specs=x.specs"},
                                                 {"-traditional-cpp"},
                                                 {"-wrapper", "env"},
                                                 {"-no-integrated-cpp"},
                                                 {"-march=native"},
                                                 {"-finput-charset=utf-16"},
                                                 {"-fprofile-use=profile"},
                                                 {"-Wa,-Iinclude"},
                                                 {"-Wa,@flags"},
                                                 {"-fpreprocessed", "-fdirectives-only"},
                                                 {"-Xassembler", "-I", "-Xassembler", "include"},
                                                 {"-include", "only.h"},
                                                 {"-DA=1\n#define B"},
                                                 {"-DA\r=1"},
                                                 {"-UA\nB"}})
    EXPECT_EQ(refused(options), GiveUp::NotSendable) << testing::PrintToString(options);
  EXPECT_EQ(refused({"-fno-preprocessed"}, "x.ii"), GiveUp::NotSendable);
  EXPECT_EQ(refused({"-fdirectives-only"}, "x.ii"), GiveUp::NotSendable);
  for (const Words& options : std::vector<Words>{{"-finput-charset=UTF-8"},
                                                 {"-finput-charset=iso-8859-15"},
                                                 {"-Wa,--noexecstack"},
                                                 {"-Wa,--defsym,A=1"},
                                                 {"-flto"}})
    unit(options);
}

TEST_F(UnitBuilderTest, RefusesClangOptionsThatCannotBeSent) {
  if (!os::find_program("clang++", std::getenv("PATH"))) GTEST_SKIP() << "clang++ is not installed";
  for (const Words& options : std::vector<Words>{{"-include-pch", "x.pch"},
                                                 {"-Xclang", "-include-pch", "-Xclang", "x.pch"},
                                                 {"-Xclang", "-load", "-Xclang", "p.so"},
                                                 {"-ivfsoverlay", "x.yaml"},
                                                 {"--config", "x.cfg"},
                                                 {"-working-directory", "sub"},
                                                 {"-fmodule-file=x.pcm"},
                                                 {"-fmodules"},
                                                 {"-fimplicit-module-maps"},
                                                 {"-fms-compatibility"},
                                                 {"--target=x86_64-pc-windows-msvc"},
                                                 {"-Xarch_host", "-DX"}})
    EXPECT_EQ(refused(options, "x.cc", "clang++"), GiveUp::NotSendable) << testing::PrintToString(options);
  EXPECT_THAT(unit({"-fsanitize=address", "-fsanitize-ignorelist=list"}, "x.cc", "clang++").extra_inputs,
              ElementsAre("list"));
  EXPECT_EQ(refused({"-fsanitize-blacklist=" + cwd_ + "/list"}, "x.cc", "clang++"), GiveUp::AbsoluteOption);
  EXPECT_THAT(unit({"-fprofile-sample-use=list"}, "x.cc", "clang++").extra_inputs, ElementsAre("list"));
  EXPECT_THAT(unit({"-Xclang", "-target-feature", "-Xclang", "+avx"}, "x.cc", "clang++").profile->predefined,
              HasSubstr("#define __AVX__ 1"));
  EXPECT_THAT(
      macros(unit({"-Xclang", "-DX=1", "-DY", "-Xclang", "-include", "-Xclang", "f.h"}, "x.cc", "clang++")),
      ElementsAre("#define Y 1", "#define X 1"));
}

// distccd recognises these words, and rewrites the names to lie below the job's root.
TEST_F(UnitBuilderTest, AcceptsAbsoluteNamesThatDistccdRewrites) {
  const std::string outside = root_ + "/outside";
  for (const Words& options : std::vector<Words>{{"-I" + outside},
                                                 {"-I", outside},
                                                 {"-isystem", outside},
                                                 {"-isystem" + outside},
                                                 {"-iquote", outside},
                                                 {"-idirafter", outside},
                                                 {"-iprefix", root_ + "/out", "-iwithprefix", "side"},
                                                 {"-include", cwd_ + "/f.h"},
                                                 {"-include" + cwd_ + "/f.h"},
                                                 {"-imacros", cwd_ + "/f.h"},
                                                 {"-Wp,-I" + outside},
                                                 {"-Wp,-isystem," + outside},
                                                 {"-Xpreprocessor", "-I" + outside}})
    unit(options);
}

TEST_F(UnitBuilderTest, RefusesOtherAbsoluteNames) {
  const std::string outside = root_ + "/outside";
  for (const Words& options : std::vector<Words>{{"--include-directory=" + outside},
                                                 {"--include-directory", outside},
                                                 {"--include-directory-after=" + outside},
                                                 {"-iprefix", root_, "-iwithprefix", "/outside"},
                                                 {"--include=" + cwd_ + "/f.h"},
                                                 {"--imacros", cwd_ + "/f.h"},
                                                 {"--sysroot=" + cwd_ + "/sys"},
                                                 {"-isysroot", cwd_ + "/sys"},
                                                 {"--sysroot=" + root_, "-I=/outside"}})
    EXPECT_EQ(refused(options), GiveUp::AbsoluteOption) << testing::PrintToString(options);
}

TEST_F(UnitBuilderTest, ARewrittenOptionDoesNotReplaceAnother) {
  const std::string outside = root_ + "/outside";
  for (const Words& options : std::vector<Words>{
           {"-I" + outside, "--include-directory=" + outside},
           {"-iwithprefix", "none", "-I" + root_, "--include-directory=" + outside},
           {"-I" + root_ + "/out", "-iprefix", "x", "-iwithprefix", "y", "--include-directory=" + outside}})
    EXPECT_EQ(refused(options), GiveUp::AbsoluteOption) << testing::PrintToString(options);
  unit({"-iwithprefix", "none", "-I" + outside + "//"});
  unit({"-isystem", "=none", "-iprefix", root_ + "/out", "-iwithprefix", "side"});
}

TEST_F(UnitBuilderTest, ADefaultDirectoryUnderAnotherNameIsOne) {
  const Unit built = unit({"--sysroot=/"});
  EXPECT_EQ(built.profile->system_directories, built.profile->searched_directories);
}

TEST_F(UnitBuilderTest, RefusesVariablesThatAreNotSent) {
  // gcc searches "include" next to its parts.
  std::filesystem::create_directories(root_ + "/parts/include");
  environment_.set("COMPILER_PATH", root_ + "/parts");
  const UnitOrReason built = build({"g++", "-c", "x.cc"});
  EXPECT_EQ(built.give_up, GiveUp::NotSendable);
  EXPECT_THAT(built.detail, HasSubstr("COMPILER_PATH"));
  environment_.set("COMPILER_PATH", root_ + "/nothing");
  unit({});
  if (!os::find_program("clang++", std::getenv("PATH"))) GTEST_SKIP() << "clang++ is not installed";
  environment_.set("OBJC_INCLUDE_PATH", "include");
  EXPECT_EQ(refused({}, "x.m", "clang"), GiveUp::NotSendable);
  unit({});
  environment_.unset("OBJC_INCLUDE_PATH");
  unit({}, "x.m", "clang");
  environment_.set("CCC_OVERRIDE_OPTIONS", "+-DX");
  EXPECT_EQ(refused({}, "x.cc", "clang++"), GiveUp::NotSendable);
  environment_.set("CCC_OVERRIDE_OPTIONS", "");
  unit({}, "x.cc", "clang++");
}

TEST_F(UnitBuilderTest, ProbeRunsInATemporaryDirectory) {
  std::filesystem::create_directories(root_ + "/bin");
  const std::string real = *os::find_program("g++", std::getenv("PATH"));
  std::ofstream(root_ + "/bin/writing-g++")
      << "#!/bin/sh\npwd >" << root_ << "/where\n: >written\nexec " << real << " \"$@\"\n";
  std::filesystem::permissions(root_ + "/bin/writing-g++", std::filesystem::perms::owner_all);
  unit({}, "x.cc", "../bin/writing-g++");
  std::string where;
  std::getline(std::ifstream(root_ + "/where"), where);
  EXPECT_THAT(where, HasSubstr("pump-probe."));
  EXPECT_FALSE(std::filesystem::exists(where));
  unit({"--sysroot=sys"}, "x.cc", "../bin/writing-g++");
}

TEST_F(UnitBuilderTest, DetailIsTheCompilersErrorNotOneAboutTheProbesText) {
  std::filesystem::create_directories(root_ + "/bin");
  std::ofstream(root_ + "/bin/silent-g++")
      << "#!/bin/sh\necho '/proc/1/fd/3:2:1: error: asked' >&2\necho 'error: no such option' >&2\nexit 1\n";
  std::filesystem::permissions(root_ + "/bin/silent-g++", std::filesystem::perms::owner_all);
  EXPECT_THAT(build({"../bin/silent-g++", "-c", "x.cc"}).detail, HasSubstr("no such option"));
}

TEST_F(UnitBuilderTest, ARelativeSysrootIsPartOfTheProject) {
  for (const char* compiler : {"g++", "clang++"}) {
    if (!os::find_program(compiler, std::getenv("PATH"))) continue;
    const Unit built = unit({"--sysroot=sys"}, "x.cc", compiler);
    const SearchDirectory& last = built.search->directories.back();
    EXPECT_EQ(last.directory->path(), cwd_ + "/sys/usr/include") << compiler;
    EXPECT_FALSE(last.system) << compiler;
    EXPECT_TRUE(built.search->directories.front().system) << compiler;
    EXPECT_THAT(built.profile->system_directories, testing::Not(testing::Contains(last.spelled)));
    EXPECT_THAT(built.profile->searched_directories, testing::Contains(last.spelled));
  }
}

TEST_F(UnitBuilderTest, AcceptsAbsoluteNamesInDefaultDirectories) {
  unit({"--include-directory=/usr/include"});
  EXPECT_EQ(unit({"--sysroot=sys", "-I=/usr"}).search->directories.at(0).spelled, "sys/usr");
  unit({"-I" + root_ + "/missing", "-isystem", "/no/such/place"});  // distccd rewrites these
}

// What is missing here may exist on the server, which uses it if distccd does not rewrite the name.
TEST_F(UnitBuilderTest, RefusesMissingAbsoluteNamesThatDistccdDoesNotRewrite) {
  const std::string missing = root_ + "/missing";
  for (const Words& options :
       std::vector<Words>{{"--include-directory=" + missing},
                          {"--include-directory-after", missing},
                          {"--include-prefix=" + root_ + "/", "-iwithprefix", "missing"},
                          {"--include=" + missing + ".h"},
                          {"--imacros=" + missing + ".h"},
                          {"--sysroot=/nonexistent"},
                          {"-isysroot", "/nonexistent"}})
    EXPECT_EQ(refused(options), GiveUp::AbsoluteOption) << testing::PrintToString(options);
}

TEST_F(UnitBuilderTest, RefusesAFileInTheSearchPath) {
  for (const Words& options :
       std::vector<Words>{{"-Ix.cc"}, {"-isystem", "x.cc/"}, {"-iquote", "x.cc/sub/dir"}})
    EXPECT_EQ(refused(options), GiveUp::NotSendable) << testing::PrintToString(options);
}

// The compiler's warning contains the name as distccd has rewritten it.
TEST_F(UnitBuilderTest, RefusesAWarningThatWouldNameAServersDirectory) {
  for (const Words& options :
       std::vector<Words>{{"-Wmissing-include-dirs", "-I" + root_ + "/missing"},
                          {"-Werror=missing-include-dirs", "-isystem", "/usr/include/missing"},
                          {"-Wmissing-include-dirs", "-idirafter", root_ + "/missing"}})
    EXPECT_EQ(refused(options), GiveUp::NotSendable) << testing::PrintToString(options);
  unit({"-Wmissing-include-dirs", "-Imissing"});
  unit({"-Wmissing-include-dirs", "-Wno-missing-include-dirs", "-I" + root_ + "/missing"});
  std::filesystem::create_directories(root_ + "/real");
  std::filesystem::create_directory_symlink(root_ + "/real", cwd_ + "/link");
  const Unit built = unit({"-Wmissing-include-dirs", "-Ilink", "-Iinclude/../include"});
  EXPECT_EQ(built.required_links.size(), 1U);
  EXPECT_EQ(built.required_directories.size(), 3U)
      << "real, include, and the directory on the path to the latter";
}

TEST_F(UnitBuilderTest, RefusesAnAbsoluteSourceAfterAnAbsoluteNameThatLooksLikeASource) {
  write("f.c", "");
  EXPECT_EQ(refused({"-include", cwd_ + "/f.c"}, cwd_ + "/x.cc"), GiveUp::AbsoluteOption);
  unit({"-include", cwd_ + "/f.h"}, cwd_ + "/x.cc");
}

TEST_F(UnitBuilderTest, ReadsResponseFiles) {
  write("flags", "-Iinclude '-DA=b c'");
  const Unit built = unit({"@flags"});
  EXPECT_THAT(macros(built), ElementsAre("#define A b c"));
  EXPECT_THAT(built.extra_inputs, ElementsAre("flags"));
  EXPECT_EQ(built.search->directories.at(0).spelled, "include");
  write("outer", "@flags -DC");
  EXPECT_THAT(unit({"@outer"}).extra_inputs, ElementsAre("outer", "flags"));
  EXPECT_EQ(refused({"@" + cwd_ + "/flags"}), GiveUp::AbsoluteOption);
  // distccd does not rewrite names in the file.
  write("absolute", "-I" + root_ + "/outside");
  EXPECT_EQ(refused({"@absolute"}), GiveUp::AbsoluteOption);
  write("flags", "-DCHANGED");
  EXPECT_THAT(macros(unit({"@flags"})), ElementsAre("#define CHANGED 1"));
}

TEST_F(UnitBuilderTest, RefusesAnAbsoluteSourceThatTheObjectContains) {
  const std::string absolute = cwd_ + "/x.cc";
  for (const char* word :
       {"-fsanitize=undefined,address", "-fsanitize=kernel-address", "-flto=auto", "-fprofile-generate"}) {
    EXPECT_EQ(unit({word}).source, "x.cc") << word;
    EXPECT_EQ(refused({word}, absolute), GiveUp::NotSendable)
        << word << ": the command is cached, except for its source";
  }
  EXPECT_EQ(unit({"-fsanitize=address", "-fno-sanitize=all"}, absolute).source, absolute);
  EXPECT_EQ(unit({"-fsanitize=undefined", "-flto", "-fno-lto"}, absolute).source, absolute);
  EXPECT_EQ(refused({"-fno-lto", "-flto"}, absolute), GiveUp::NotSendable);
}

TEST_F(UnitBuilderTest, MissingIncludeDirsWarningRequiresTheDirectories) {
  EXPECT_THAT(unit({"-Iinclude", "-isystem", "sub"}).required_directories, IsEmpty());
  const Unit built = unit({"-Wmissing-include-dirs", "-Iinclude", "-Imissing", "-isystem", "sub"});
  ASSERT_EQ(built.required_directories.size(), 2U);
  EXPECT_EQ(built.required_directories[0]->path(), cwd_ + "/include");
  EXPECT_THAT(unit({"-Wmissing-include-dirs", "-Iinclude", "-Wno-missing-include-dirs"}).required_directories,
              IsEmpty());
  EXPECT_EQ(unit({"-Werror=missing-include-dirs", "-Iinclude"}).required_directories.size(), 1U);
  EXPECT_EQ(unit({"-Wmissing-include-dirs", "-Wno-error=missing-include-dirs", "-Iinclude"})
                .required_directories.size(),
            1U);
  EXPECT_THAT(unit({"-Wno-error=missing-include-dirs", "-Iinclude"}).required_directories, IsEmpty());
  EXPECT_EQ(unit({"--warn-missing-include-dirs", "-Iinclude"}).required_directories.size(), 1U);
  EXPECT_THAT(
      unit({"-Wmissing-include-dirs", "-Iinclude", "--warn-no-missing-include-dirs"}).required_directories,
      IsEmpty());
  if (!os::find_program("clang++", std::getenv("PATH"))) GTEST_SKIP() << "clang++ is not installed";
  EXPECT_EQ(unit({"-Weverything", "-Iinclude"}, "x.cc", "clang++").required_directories.size(), 1U);
}

TEST_F(UnitBuilderTest, FindsTheCompilerInTheClientsPath) {
  std::filesystem::create_directories(root_ + "/bin");
  std::filesystem::create_directories(root_ + "/masquerade");
  const std::string real = *os::find_program("g++", std::getenv("PATH"));
  std::ofstream(root_ + "/bin/cross-g++") << "#!/bin/sh\nexec " << real << " -DFROM_WRAPPER \"$@\"\n";
  std::filesystem::permissions(root_ + "/bin/cross-g++", std::filesystem::perms::owner_all);
  std::ofstream(root_ + "/bin/distcc") << "#!/bin/sh\nexit 1\n";
  std::filesystem::permissions(root_ + "/bin/distcc", std::filesystem::perms::owner_all);
  std::filesystem::create_symlink(root_ + "/bin/distcc", root_ + "/masquerade/cross-g++");
  EXPECT_EQ(refused({}, "x.cc", "cross-g++"), GiveUp::CompilerUnknown);
  environment_.set("PATH", root_ + "/masquerade:" + root_ + "/bin:/usr/bin:/bin");
  EXPECT_EQ(unit({}, "x.cc", "cross-g++").profile->compiler, root_ + "/bin/cross-g++");
  EXPECT_EQ(unit({}, "x.cc", root_ + "/masquerade/cross-g++").profile->compiler, root_ + "/bin/cross-g++");
  EXPECT_EQ(unit({}, "x.cc", "../bin/cross-g++").profile->compiler, cwd_ + "/../bin/cross-g++");
  EXPECT_THAT(unit({}, "x.cc", "cross-g++").profile->predefined, HasSubstr("#define FROM_WRAPPER 1"));
  // Replaced, so it is probed again.
  std::ofstream(root_ + "/bin/cross-g++", std::ios::trunc)
      << "#!/bin/sh\nexec " << real << " -DREPLACED \"$@\"\n";
  EXPECT_THAT(unit({}, "x.cc", "cross-g++").profile->predefined, HasSubstr("#define REPLACED 1"));
}

TEST_F(UnitBuilderTest, AcceptsTheTargetThatDistccAddsForClang) {
  if (!os::find_program("clang++", std::getenv("PATH"))) GTEST_SKIP() << "clang++ is not installed";
  EXPECT_TRUE(unit({"-target", "x86_64-pc-linux-gnu"}, "x.cc", "clang++").profile->clang);
  EXPECT_THAT(unit({"--target=i686-linux-gnu"}, "x.cc", "clang++").profile->predefined,
              HasSubstr("#define __i386__ 1"));
}

TEST_F(UnitBuilderTest, AnswersQueriesToTheCompiler) {
  const Unit built = unit({});
  EXPECT_EQ(builder_.ask(*built.profile, "__has_builtin(__builtin_no_such)"), 0);
  EXPECT_EQ(builder_.ask(*built.profile, "__has_builtin ( __builtin_abs )"), 1);
  EXPECT_EQ(builder_.ask(*built.profile, "__has_cpp_attribute(nodiscard)"), 201907);
  EXPECT_EQ(builder_.ask(*built.profile, "__has_include(<vector>)"), std::nullopt);
  EXPECT_EQ(builder_.ask(*built.profile, "1)\n#error x"), std::nullopt);
  EXPECT_EQ(builder_.ask(CompilerProfile{}, "__has_builtin(__builtin_abs)"), std::nullopt);
}

TEST_F(UnitBuilderTest, ConcurrentRequestsGetTheSameProfile) {
  std::vector<std::shared_ptr<const CompilerProfile>> profiles(8);
  std::vector<std::thread> threads;
  for (auto& profile : profiles)
    threads.emplace_back([&] {
      profile = build({"g++", "-O3", "-funroll-loops", "-c", "x.cc"}).unit->profile;
    });
  for (std::thread& thread : threads) thread.join();
  for (const auto& profile : profiles) EXPECT_EQ(profile, profiles.front());
}

}  // namespace
}  // namespace pump::include_server
